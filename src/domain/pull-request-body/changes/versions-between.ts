// The versions that a promotion includes.

import { compare, parse } from "semver";
import type { ChartFacts, ReleasedVersion } from "../facts.ts";

/**
 * Versions above `from` up to and including `to`, newest first, without duplicates; the promoted one even when no list
 * has it.
 */
export function versionsBetween({ between, from, to, after }: ChartFacts): readonly ReleasedVersion[] {
  const promoted =
    after.kind === "opened" && !between.some(({ version }) => version === to) ? [after.archive.metadata] : [];
  const inside = [...between, ...promoted].filter(
    ({ version }) => version === to || isInside(version, from, to),
  );
  return [...new Map(inside.map((version) => [version.version, version])).values()].sort(newestFirst);
}

function isInside(version: string, from: string, to: string): boolean {
  const [low, own, high] = [parse(from), parse(version), parse(to)];
  return low !== null && own !== null && high !== null && compare(own, low) > 0 && compare(own, high) < 0;
}

function newestFirst(one: ReleasedVersion, other: ReleasedVersion): number {
  const [a, b] = [parse(one.version), parse(other.version)];
  return a === null || b === null ? 0 : compare(b, a);
}
