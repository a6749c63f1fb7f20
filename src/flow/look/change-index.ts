// Notes in a repository's index how far its branches have been watched.

import type { ConfigRepository, RepositoryIndex } from "../../model/repository.ts";
import type { World } from "../world.ts";

/** One repository is looked at by one worker at a time, so nobody else changes its index meanwhile. */
export async function changeIndex(
  { id }: ConfigRepository,
  change: Partial<Pick<RepositoryIndex, "mergesSeenUntil" | "pushedUntil" | "directPushes">>,
  { store }: World,
): Promise<void> {
  const index = await store.repositories.index(id);
  if (index) await store.repositories.setIndex(id, { ...index, ...change });
}
