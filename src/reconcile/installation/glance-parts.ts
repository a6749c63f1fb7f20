// The repositories of one installation in parts, each of which is glanced at by one query.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { enqueueAll } from "../keys.ts";
import type { Store } from "../ports/store/store.ts";

/**
 * Few enough for GitHub to answer within its ten seconds, and for seven points of an hour's 5,000 (docs.github.com, "Rate limits and
 * query limits for the GraphQL API"): each asks for some 35 connections.
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

/** Where the list has changed since it was counted, the next sweep glances at what slipped from one part into another. */
export async function partOf(
  { installationId, part }: { readonly installationId: number; readonly part: number },
  { repositories }: Pick<Store, "repositories">,
): Promise<readonly ConfigRepository[]> {
  const all = await repositories.ofInstallation(installationId);
  return all.slice(part * REPOSITORIES, (part + 1) * REPOSITORIES);
}
