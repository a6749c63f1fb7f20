// Versions to bump a dependency to: one inside its range and one outside.

import { parseConstraint, satisfies } from "../../domain/versions/constraint.ts";
import { parseVersion } from "../../domain/versions/version.ts";

export interface NextVersions {
  readonly inside?: string;
  readonly outside?: string;
}

/** Higher versions near the numbers in the text; none when it is not a constraint. */
export function nextVersions(text: string): NextVersions {
  const constraint = parseConstraint(text);
  if (!constraint.ok) return {};
  const numbers = [...text.matchAll(/(\d+)(?:\.(\d+))?(?:\.(\d+))?/g)].at(-1) ?? [];
  const [major, minor, patch] = [numbers[1], numbers[2], numbers[3]].map((number) => BigInt(number ?? 0));
  const [a = 0n, b = 0n, c = 0n] = [major, minor, patch];
  const near = [`${a}.${b}.${c + 1n}`, `${a}.${b + 1n}.0`, `${a + 1n}.0.0`, `${a - 1n}.9.9`].filter(
    (candidate) => !candidate.startsWith("-"),
  );
  const admits = (candidate: string) => {
    const version = parseVersion(candidate);
    return version !== undefined && satisfies(version, constraint.value);
  };
  const inside = near.find(admits);
  const outside = near.slice(0, 3).find((candidate) => !admits(candidate));
  return { ...(inside !== undefined && { inside }), ...(outside !== undefined && { outside }) };
}
