// The version changes of a merge in an umbrella chart.

import type { Moved } from "../model/deployment.ts";
import { type Umbrella, valuesKey } from "../model/umbrella.ts";
import { installedVersion } from "../umbrella/installed-version.ts";

/**
 * In the order of the manifest after the merge. Entries are matched by alias, then by name; new and removed ones count.
 */
export function movedBetween(before: Umbrella | undefined, after: Umbrella | undefined): readonly Moved[] {
  const [old, now] = [versionsOf(before), versionsOf(after)];
  const moved = [...now].flatMap(([key, { chart, version }]) => {
    const from = old.get(key)?.version ?? "";
    return from === version ? [] : [{ chart, from, to: version }];
  });
  const removed = [...old].flatMap(([key, { chart, version }]) =>
    now.has(key) ? [] : [{ chart, from: version, to: "" }],
  );
  return distinct([...moved, ...removed]);
}

function versionsOf(
  umbrella: Umbrella | undefined,
): ReadonlyMap<string, { readonly chart: string; readonly version: string }> {
  if (!umbrella) return new Map();
  return new Map(
    umbrella.dependencies.map((entry, index) => {
      const version = installedVersion(umbrella, index) ?? entry.version;
      return [valuesKey(entry), { chart: entry.name, version }] as const;
    }),
  );
}

/** Several aliases of one chart with the same change become one. */
function distinct(moved: readonly Moved[]): readonly Moved[] {
  return [...new Map(moved.map((move) => [JSON.stringify(move), move])).values()];
}
