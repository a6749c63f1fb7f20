// What a schema found wrong with a file, told with the file's own words, its line, and the key that was probably meant.

import type { z } from "zod";
import type { Problem, ProblemCode } from "../model/problem.ts";
import type { Path, YamlDocument } from "./yaml-document.ts";

export interface Told {
  readonly file: string;
  readonly code: ProblemCode;
  readonly document: Pick<YamlDocument, "lineOf">;
  /** Every key that the file may have anywhere: where to look for the one that was meant. */
  readonly keys: readonly string[];
}

/** In the order of the lines. */
export function complaints(issues: readonly z.core.$ZodIssue[], told: Told): readonly Problem[] {
  const problems = issues.flatMap((issue) => complaint(issue, told));
  return problems.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}

function complaint(issue: z.core.$ZodIssue, told: Told): readonly Problem[] {
  const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey([...path, key], key, told));
    case "invalid_union": {
      const deepest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
      if (depth(deepest) > 0)
        return deepest.flatMap((inner) =>
          complaint({ ...inner, path: [...issue.path, ...inner.path] }, told),
        );
      return [
        problemAt(path, told, {
          what: `is not what it may be: ${issue.message}`,
          help: "See the README's list of keys.",
        }),
      ];
    }
    default:
      return [
        problemAt(path, told, {
          what: lowered(issue.message),
          help: "Correct the value; the README lists every key with its form.",
        }),
      ];
  }
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path, code }) => path.length + (code === "unrecognized_keys" ? 1 : 0)));
}

export function problemAt(
  path: Path,
  { file, code, document }: Told,
  { what, help }: { readonly what: string; readonly help: string },
): Problem {
  const name = path.length === 0 ? "The file" : path.join(".");
  return { code, message: `${name}: ${what}.`, help, place: { file, line: document.lineOf(path) } };
}

function unknownKey(path: Path, key: string, told: Told): Problem {
  const near = nearest(key, told.keys);
  const help =
    near === undefined
      ? "Take it out: keys that mean nothing are refused, not ignored."
      : `Did you mean "${near}"?`;
  return problemAt(path, told, { what: `the key "${key}" is not known`, help });
}

function lowered(message: string): string {
  const text = message.replace(/\.$/, "");
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** The key with the smallest edit distance, when that is at most a third of its length. */
export function nearest(key: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(key.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  return ranked && ranked.distance <= Math.max(1, Math.floor(ranked.candidate.length / 3))
    ? ranked.candidate
    : undefined;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
