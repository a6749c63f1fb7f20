// What is left of a file once everything that its schema refused is taken out: the rules between keys are asked of the rest,
// so that one mistyped key does not hide every other mistake.

import type { z } from "zod";
import { plainIssues, plainPath } from "./complaints.ts";
import type { Path } from "./yaml-document.ts";

export interface Readable {
  readonly value: unknown;
  /** Paths that were taken out. A list is taken out as a whole, so that the others keep their positions. */
  readonly refused: readonly Path[];
}

export function readable(value: unknown, issues: readonly z.core.$ZodIssue[]): Readable {
  const refused = issues.flatMap(plainIssues).flatMap(refusedBy);
  return { value: refused.reduce(without, value), refused };
}

function refusedBy(issue: z.core.$ZodIssue): readonly Path[] {
  const path = plainPath(issue.path);
  const paths = issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
  return paths.map((whole) => {
    const item = whole.findIndex((part) => typeof part === "number");
    return item === -1 ? whole : whole.slice(0, item);
  });
}

/** Something with a name of its own (an environment) stays, empty: others may speak of it. */
function without(value: unknown, [first, ...rest]: Path): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || first === undefined)
    return value;
  const isNamed = rest.length === 1 && first === "environments";
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): readonly (readonly [string, unknown])[] => {
      if (key !== first) return [[key, inner]];
      if (rest.length === 0) return [];
      return [[key, isNamed ? emptied(inner, rest[0]) : without(inner, rest)]];
    }),
  );
}

function emptied(value: unknown, name: string | number | undefined): unknown {
  return typeof value === "object" && value !== null ? { ...value, [String(name)]: null } : value;
}
