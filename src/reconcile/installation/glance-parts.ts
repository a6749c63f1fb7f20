// Splits the repositories of one installation into parts, each of which is glanced at with one query.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { enqueueAll } from "../keys.ts";
import type { Store } from "../ports/store/store.ts";

/**
 * Few enough for GitHub to answer within its ten seconds, and for seven points of an hour's 5,000 (docs.github.com,
 * "Rate limits and query limits for the GraphQL API"): each asks for some 35 connections.
 */
const REPOSITORIES = 20;

export async function enqueueGlances(
  installationId: number,
  { repositories, queue }: Pick<Store, "repositories" | "queue">,
): Promise<void> {
  const { length } = await repositories.ofInstallation(installationId);
  const parts = Array.from({ length: Math.ceil(length / REPOSITORIES) }, (_, part) => part);
  await enqueueAll(
    queue,
    parts.map((part) => ({ kind: "glance", installationId, part })),
  );
}

/** When the list has changed since the parts were enqueued, a repository may be skipped until the next sweep. */
export async function partOf(
  { installationId, part }: { readonly installationId: number; readonly part: number },
  { repositories }: Pick<Store, "repositories">,
): Promise<readonly ConfigRepository[]> {
  const all = await repositories.ofInstallation(installationId);
  return all.slice(part * REPOSITORIES, (part + 1) * REPOSITORIES);
}
