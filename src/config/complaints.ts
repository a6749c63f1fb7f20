// What a schema found wrong with a file, told with the file's own words, its line, and the key that was probably meant.

import type { z } from "zod";
import type { Problem, ProblemCode } from "../model/problem.ts";
import type { Path, YamlDocument } from "./yaml-document.ts";

export interface Told {
  readonly file: string;
  readonly code: ProblemCode;
  readonly document: YamlDocument;
  /** Every key that the file may have anywhere: where to look for the one that was meant. */
  readonly keys: readonly string[];
}

/** In the order of the lines. */
export function complaints(issues: readonly z.core.$ZodIssue[], told: Told): readonly Problem[] {
  const problems = issues.flatMap(plainIssues).flatMap((issue) => complaint(issue, told));
  return problems.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}

/** Of a union the alternative that was got furthest with: what was most likely meant. */
export function plainIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const deepest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
  if (depth(deepest) === 0) return [issue];
  return deepest.flatMap((inner) => plainIssues({ ...inner, path: [...issue.path, ...inner.path] }));
}

export function plainPath(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === "symbol" ? String(part) : part));
}

function complaint(issue: z.core.$ZodIssue, told: Told): readonly Problem[] {
  const path = plainPath(issue.path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...path, key], key, told));
  if (issue.code === "invalid_type") return [wrongType(path, issue.expected, told)];
  const messages =
    issue.code === "invalid_key" ? issue.issues.map(({ message }) => message) : [issue.message];
  const whats = issue.code === "invalid_value" ? [`must be ${oneOf(issue.values)}`] : messages;
  return whats.map((what) => problemAt(path, told, { what, help: HELP }));
}

const HELP = "Correct it; the README lists every key with its form.";

const KINDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  null: "nothing",
  number: "a number",
  object: "a map",
  record: "a map",
  string: "a text",
  undefined: "nothing",
};

function wrongType(path: Path, expected: string, told: Told): Problem {
  const value = valueAt(told.document.value, path);
  const wanted = KINDS[expected] ?? expected;
  if (value === undefined) {
    return problemAt(path, told, {
      what: `is missing; it must be ${wanted}`,
      help: "Add it, or see the README.",
    });
  }
  const isQuoteless = expected === "string" && (typeof value === "number" || typeof value === "boolean");
  return problemAt(path, told, {
    what: `must be ${wanted}, and is ${kindOf(value)}`,
    help: isQuoteless ? "Put it in quotes." : HELP,
  });
}

function kindOf(value: unknown): string {
  if (typeof value === "boolean") return String(value);
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  return KINDS[kind] ?? kind;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((above, part) => {
    const entries = typeof above === "object" && above !== null ? Object.entries(above) : [];
    return entries.find(([key]) => key === String(part))?.[1];
  }, value);
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length === 1 ? `${texts[0]}` : `one of ${texts.join(", ")}`;
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
  return {
    code,
    message: `${name}: ${what.replace(/\.$/, "")}.`,
    help,
    place: { file, line: document.lineOf(path) },
  };
}

function unknownKey(path: Path, key: string, told: Told): Problem {
  const near = nearest(key, told.keys);
  const help =
    near === undefined
      ? "Take it out: keys that mean nothing are refused, not ignored."
      : `Did you mean "${near}"?`;
  return problemAt(path, told, { what: `the key "${key}" is not known`, help });
}

/** The key with the smallest edit distance, when that is at most a third of its length. */
function nearest(key: string, known: readonly string[]): string | undefined {
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
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, replaced));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
