// A configuration may say that other environments are watched than before, or how.

import type { Config } from "../../domain/model/config/config.ts";
import type { Deps } from "../context.ts";
import { enqueue } from "../keys.ts";

/** Environments that are watched, and those that were. */
export async function enqueueWatched(
  repositoryId: number,
  config: Config | undefined,
  { store }: Pick<Deps, "store">,
): Promise<void> {
  const now = (config?.environments ?? []).filter(({ drift }) => drift).map(({ name }) => name);
  const before = (await store.drift.watches()).filter((one) => one.repositoryId === repositoryId);
  for (const environment of new Set([...now, ...before.map((one) => one.environment)]))
    await enqueue(store.queue, { kind: "drift", repositoryId, environment });
}
