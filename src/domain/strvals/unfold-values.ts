// Flattens values, nested as in values.yaml or with paths as outermost keys, into a list of leaves.

import { ok, type Problem, type Result } from "../model/problem.ts";
import type { Value, ValuePath } from "../model/umbrella.ts";
import { parsePath } from "./parse-path.ts";
import { pathText } from "./path-text.ts";

export interface ValueAt {
  readonly path: ValuePath;
  /** A scalar, a list or an empty map. */
  readonly value: Value;
}

/**
 * The outermost keys are paths as in `helm --set`; deeper keys are literal, whatever their characters. In the order
 * written. Rejected: a path that Helm does not accept, and a place that is set twice.
 */
export function unfoldValues(values: Values): Result<readonly ValueAt[]> {
  const leaves = leavesIn(values);
  const problems = [
    ...Object.keys(values).flatMap((key) => problemsOf(parsePath(key))),
    ...namedTwice(leaves).map(twice),
  ];
  return problems.length > 0 ? { ok: false, problems } : ok(leaves);
}

interface Values {
  readonly [key: string]: Value;
}

/** The leaves below every key that is a path. */
export function leavesIn(values: Values): readonly ValueAt[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = parsePath(key);
    return path.ok ? leavesOf(path.value, value) : [];
  });
}

/** Leaves whose path, or one above or below it, was set before, or conflicts with a list or map at another leaf. */
export function namedTwice(leaves: readonly ValueAt[]): readonly ValueAt[] {
  const taken: Taken = { kind: "open", below: new Map() };
  return leaves.filter(({ path }) => !take(taken, path));
}

function problemsOf(read: Result<unknown>): readonly Problem[] {
  return read.ok ? [] : read.problems;
}

function leavesOf(path: ValuePath, value: Value): readonly ValueAt[] {
  if (!isFilledMap(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf([...path, key], inner));
}

function isFilledMap(value: Value): value is { readonly [key: string]: Value } {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  );
}

type Taken =
  | { readonly kind: "leaf" }
  | { readonly kind: "open"; readonly below: Map<string | number, Taken> };

function take(root: Taken, path: ValuePath): boolean {
  let place = root;
  for (const [index, step] of path.entries()) {
    if (place.kind === "leaf") return false;
    const [sibling] = place.below.keys();
    if (sibling !== undefined && typeof sibling !== typeof step) return false;
    const isLast = index === path.length - 1;
    const next = place.below.get(step);
    if (next !== undefined && isLast) return false;
    const entered: Taken = next ?? (isLast ? { kind: "leaf" } : { kind: "open", below: new Map() });
    place.below.set(step, entered);
    place = entered;
  }
  return true;
}

function twice({ path }: ValueAt): Problem {
  return {
    code: "values-invalid",
    message: `The values name "${pathText(path)}" twice.`,
    help: "Name each place once, and none below a value.",
  };
}
