// Enqueues drift reconciles after a config change, which may change which environments are watched, or how.

import type { Config } from "../../domain/model/config/config.ts";
import type { Deps } from "../context.ts";
import { enqueue } from "../keys.ts";

/** Environments that are watched now, and those that were watched before. */
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
