// Removes everything that the schema rejected from a file's data. The rules between keys are then checked on the rest,
// so that one mistyped key does not hide all other mistakes.

import type * as z from "zod";
import { plainIssues, plainPath } from "./complaints.ts";
import type { DocumentPath } from "./yaml-document.ts";

export interface Readable {
  readonly value: unknown;
  /** Removed paths. A list is removed as a whole, so that indexes stay valid. */
  readonly refused: readonly DocumentPath[];
}

export function readable(value: unknown, issues: readonly z.core.$ZodIssue[]): Readable {
  const refused = issues.flatMap(plainIssues).flatMap(refusedBy);
  return { value: without(value, branchesOf(refused), []), refused };
}

/** The rejected paths by their first part: the remainder of each; `whole` when one ends here. */
interface Branches {
  readonly whole: boolean;
  readonly below: ReadonlyMap<string, Branches>;
}

function branchesOf(paths: readonly DocumentPath[]): Branches {
  const longer = paths.filter((path) => path.length > 0);
  const byFirst = Map.groupBy(longer, ([first]) => String(first));
  const below = [...byFirst].map(
    ([first, some]) => [first, branchesOf(some.map(([, ...rest]) => rest))] as const,
  );
  return { whole: longer.length < paths.length, below: new Map(below) };
}

function refusedBy(issue: z.core.$ZodIssue): readonly DocumentPath[] {
  const path = plainPath(issue.path);
  const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
  return paths.map((whole) => {
    const item = whole.findIndex((part) => typeof part === "number");
    return item === -1 ? whole : whole.slice(0, item);
  });
}

/** A named entry (an environment) is kept, but emptied: others may refer to it. */
function without(value: unknown, { below }: Branches, at: DocumentPath): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const areNamed = at.length === 1 && at[0] === "environments";
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): readonly (readonly [string, unknown])[] => {
      const refused = below.get(key);
      if (refused === undefined) return [[key, inner]];
      if (refused.whole) return areNamed ? [[key, null]] : [];
      return [[key, without(inner, refused, [...at, key])]];
    }),
  );
}
