// Changes fields of a repository's index.

import type { ConfigRepository, RepositoryIndex } from "../../../domain/model/github/repository.ts";
import type { Deps } from "../../context.ts";

/** Safe without a transaction: only one worker at a time reconciles a repository. */
export async function changeIndex(
  { id }: ConfigRepository,
  change: Partial<
    Pick<
      RepositoryIndex,
      | "mergesSeenUntil"
      | "backfillDue"
      | "movedFrom"
      | "folderless"
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
