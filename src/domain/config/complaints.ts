// Turns a schema's errors into problems that quote the file, with the line and the key that was probably meant.

import type * as z from "zod";
import { nearest } from "../model/nearest.ts";
import type { Problem, ProblemCode } from "../model/problem.ts";
import type { DocumentPath, YamlDocument } from "./yaml-document.ts";

export interface ComplaintContext {
  readonly file: string;
  readonly code: ProblemCode;
  readonly document: YamlDocument;
  /** Every key that the file may have anywhere, for suggestions. */
  readonly keys: readonly string[];
}

/** In the order of the lines. */
export function complaints(
  issues: readonly z.core.$ZodIssue[],
  context: ComplaintContext,
): readonly Problem[] {
  const problems = issues.flatMap(plainIssues).flatMap((issue) => complaint(issue, context));
  return problems.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
}

/** Of a union's errors, those of the alternative that matched furthest: the one that was most likely meant. */
export function plainIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const deepest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
  if (depth(deepest) === 0) return [issue];
  return deepest.flatMap((inner) => plainIssues({ ...inner, path: [...issue.path, ...inner.path] }));
}

export function plainPath(path: readonly PropertyKey[]): DocumentPath {
  return path.map((part) => (typeof part === "symbol" ? String(part) : part));
}

function complaint(issue: z.core.$ZodIssue, context: ComplaintContext): readonly Problem[] {
  const path = plainPath(issue.path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKey([...path, key], key, context));
  if (issue.code === "invalid_type") return [wrongType(path, issue.expected, context)];
  const messages =
    issue.code === "invalid_key" ? issue.issues.map(({ message }) => message) : [issue.message];
  const whats = issue.code === "invalid_value" ? [`must be ${oneOf(issue.values)}`] : messages;
  const [inner = issue] = issue.code === "invalid_key" ? issue.issues : [];
  const help =
    inner.code === "custom"
      ? helpIn(inner.params)
      : isTextWithoutQuotes(issue, context)
        ? "Put it in quotes."
        : HELP;
  return whats.map((what) => problemAt(path, context, { what, help }));
}

/** A number or boolean where one of several forms of text is expected: it needs quotes. */
function isTextWithoutQuotes(issue: z.core.$ZodIssue, { document }: ComplaintContext): boolean {
  if (issue.code !== "invalid_union" || !isQuoteless(valueAt(document.value, plainPath(issue.path))))
    return false;
  return issue.errors.flat().some((inner) => inner.code === "invalid_type" && inner.expected === "string");
}

function isQuoteless(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

const HELP = "Correct it; docs/reference.md lists every key with its form.";

/** A refinement may provide a better help text than the schema. */
function helpIn(params: Readonly<Record<string, unknown>> | undefined): string {
  const help = params?.["help"];
  return typeof help === "string" ? help : HELP;
}

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

function wrongType(path: DocumentPath, expected: string, context: ComplaintContext): Problem {
  const value = valueAt(context.document.value, path);
  const wanted = KINDS[expected] ?? expected;
  if (value === undefined) {
    return problemAt(path, context, {
      what: `is missing; it must be ${wanted}`,
      help: "Add it, or see the README.",
    });
  }
  return problemAt(path, context, {
    what: `must be ${wanted}, and is ${kindOf(value)}`,
    help: expected === "string" && isQuoteless(value) ? "Put it in quotes." : HELP,
  });
}

function kindOf(value: unknown): string {
  if (typeof value === "boolean") return String(value);
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  return KINDS[kind] ?? kind;
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((above, part) => {
    if (typeof above !== "object" || above === null) return undefined;
    return Object.getOwnPropertyDescriptor(above, part)?.value;
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
  path: DocumentPath,
  { file, code, document }: ComplaintContext,
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

function unknownKey(path: DocumentPath, key: string, context: ComplaintContext): Problem {
  const near = nearest(key, context.keys);
  const help =
    near === undefined
      ? "Take it out: keys that mean nothing are refused, not ignored."
      : `Did you mean "${near}"?`;
  return problemAt(path, context, { what: `the key "${key}" is not known`, help });
}
