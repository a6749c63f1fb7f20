// What people declined in an environment, or took back there, stays declined under its new name.

import type { Deps } from "../../context.ts";

/** `renamed`: former names by new name. Harmless when repeated. */
export async function carryDeclines(
  repositoryId: number,
  renamed: Readonly<Record<string, string>>,
  { store: { promotions } }: Pick<Deps, "store">,
): Promise<void> {
  for (const [environment, former] of Object.entries(renamed)) {
    const here = await promotions.ofEnvironment({ repositoryId, environment });
    const known = new Set(here.map(({ publishId }) => publishId));
    const before = await promotions.ofEnvironment({ repositoryId, environment: former });
    const declined = before.filter(({ state, publishId }) => state === "declined" && !known.has(publishId));
    if (declined.length > 0) await promotions.record(declined.map((one) => ({ ...one, environment })));
  }
}
