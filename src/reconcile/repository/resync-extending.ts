// Resyncs the repositories that extend a repository's defaults when those change.

import { DEFAULTS_FILE } from "../../domain/model/config/config.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";
import { requestFullResync } from "../installation/discover.ts";
import type { PendingWork } from "./index/pending-work.ts";

/** One request for a push to the default branch of a repository that others extend; otherwise none. */
export async function resyncExtending(
  { repository, deliveries }: Pick<PendingWork, "repository" | "deliveries">,
  deps: Deps,
): Promise<void> {
  const isPushed = deliveries.some(
    ({ event }) => event.kind === "branch-pushed" && event.branch === repository.defaultBranch,
  );
  if (!isPushed) return;
  const { repositories } = deps.store;
  const name = nameWithOwner(repository).toLowerCase();
  const extending = [];
  for (const { id } of await repositories.ofInstallation(repository.installationId)) {
    const extended = (await repositories.index(id))?.configContext?.extended;
    if (extended?.repository.toLowerCase() === name) extending.push({ id, extended });
  }
  if (extending.length === 0) return;
  const now = await deps.github.in(repository).defaultFile(DEFAULTS_FILE);
  for (const { id, extended } of extending) {
    const was = extended.kind === "read" ? extended.oid : undefined;
    if (was !== now?.oid) await requestFullResync(id, deps);
  }
}
