// Notes in a repository's index how far its branches have been watched.

import type { ConfigRepository, RepositoryIndex } from "../../../domain/model/github/repository.ts";
import type { Deps } from "../../context.ts";

/** One repository is reconciled by one worker at a time, so nobody else changes its index meanwhile. */
export async function changeIndex(
  { id }: ConfigRepository,
  change: Partial<
    Pick<
      RepositoryIndex,
      | "mergesSeenUntil"
      | "backfillDue"
      | "movedFrom"
      | "commentsSeenUntil"
      | "labelsSeenUntil"
      | "pushedUntil"
      | "directPushes"
      | "issueDue"
      | "obstacles"
      | "lacking"
      | "requeueAt"
      | "onboarding"
    >
  >,
  { store }: Pick<Deps, "store">,
): Promise<void> {
  await store.repositories.changeIndex(id, change);
}
