// An expected failure, worded for a person. A throw is a bug; a Problem is a result.

/** Every code a Problem may carry; docs/reference.md lists what each one means and what to do about it. */
export const PROBLEM_CODES = [
  "malformed",
  "unauthorized",
  "forbidden",
  "not-found",
  "method-not-allowed",
  "unsupported-media-type",
  "conflict",
  "too-large",
  "too-slow",
  "too-many",
  "unavailable",
  "internal",
  "settings-invalid",
  "config-invalid",
  "chart-missing",
  "chart-digest",
  "chart-repository-unreachable",
  "chart-repository-denied",
  "archive-invalid",
  "provenance-invalid",
  "image-registry-unreachable",
  "manifest-missing",
  "manifest-invalid",
  "manifest-ambiguous",
  "edit-not-exact",
  "lock-invalid",
  "lock-out-of-step",
  "range-invalid",
  "values-invalid",
  "repository-alias-unknown",
  "vendored-chart",
  "file-unwritable",
  "policy",
  "merge-unproven",
  "deployer-unreachable",
  "deployer-refused",
  "deployer-silent",
  "deployer-aborted",
  "github",
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** The place of a problem: a file in the repository concerned, and a line counted from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
}

export interface Problem {
  readonly code: ProblemCode;
  /** One sentence: what is wrong, with the offending text and the request. */
  readonly message: string;
  /** One sentence in the imperative: what the reader can do about it. */
  readonly help: string;
  readonly place?: SourceLocation;
  /** When a retry makes sense, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** A value, or every problem found on the way to it (never empty, in the order of the input). */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(...problems: readonly [Problem, ...Problem[]]): {
  readonly ok: false;
  readonly problems: readonly Problem[];
} {
  return { ok: false, problems };
}
