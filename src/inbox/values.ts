// Values that come with a publish: nested as in values.yaml or as dotted paths, kept in the nested form.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { Value } from "../model/umbrella.ts";

export interface Values {
  readonly [key: string]: Value;
}

/** Far above what an umbrella chart sets, and low enough that a pull request stays readable. */
const MAX_LEAVES = 1000;

/**
 * Unfolds the outermost keys: `{"image.tag": "1"}` becomes `{image: {tag: "1"}}`, and `\.` stands for a dot, as in
 * `helm --set`. Deeper keys stand for themselves. A place that is named twice is refused.
 */
export function parseValues(written: object): Result<Values> {
  const root: Branch = new Map();
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(written)) {
    const problem = add(root, key, value);
    if (problem !== undefined) problems.push(problem);
  }
  const tooMany = countLeaves(root) > MAX_LEAVES ? [refused(`hold more than ${MAX_LEAVES} values`)] : [];
  const [first, ...rest] = [...problems, ...tooMany];
  return first === undefined ? ok(toValues(root)) : fail(first, ...rest);
}

type Branch = Map<string, Branch | Leaf>;

/** What replaces all that stands at its place: a scalar, a list or an empty map. */
interface Leaf {
  readonly value: Value;
}

function add(root: Branch, key: string, written: unknown): Problem | undefined {
  const path = splitPath(key);
  if (path === undefined)
    return refused(`use the path "${key}", which names an item of a list or an empty key`);
  return graft(root, path, { key, written });
}

interface Written {
  /** The outermost key, for problems. */
  readonly key: string;
  readonly written: unknown;
}

function graft(root: Branch, path: readonly string[], { key, written }: Written): Problem | undefined {
  if (isMap(written) && Object.keys(written).length > 0) {
    for (const [below, child] of Object.entries(written)) {
      const problem = graft(root, [...path, below], { key, written: child });
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
  const inexact = findInexact(written);
  if (inexact !== undefined)
    return refused(`hold ${inexact} below "${key}", a number too large to be kept exactly`);
  return plant(root, path, written as Value) ? undefined : refused(`name "${path.join(".")}" twice`);
}

function plant(root: Branch, path: readonly string[], value: Value): boolean {
  const last = path.at(-1) ?? "";
  let branch = root;
  for (const part of path.slice(0, -1)) {
    const next: Branch | Leaf = branch.get(part) ?? new Map();
    if (!(next instanceof Map)) return false;
    branch.set(part, next);
    branch = next;
  }
  if (branch.has(last)) return false;
  branch.set(last, { value });
  return true;
}

/** `undefined` for a path that cannot be followed: empty parts, or `[0]`. */
function splitPath(key: string): readonly string[] | undefined {
  const parts = (key.match(/(?:\\.|[^.\\]|\\$)+|\./g) ?? []).filter((part) => part !== ".");
  const dots = key.replaceAll(/\\./g, "").split(".").length;
  if (parts.length !== dots || /\[\d*\]$/.test(key)) return undefined;
  return parts.map((part) => part.replaceAll(/\\(.)/g, "$1"));
}

/** JSON.parse rounds integers beyond 2^53 silently. */
function findInexact(value: unknown): number | undefined {
  if (typeof value === "number") {
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? value : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  return Object.values(value)
    .map(findInexact)
    .find((found) => found !== undefined);
}

function toValues(branch: Branch): Values {
  return Object.fromEntries(
    [...branch].map(([key, below]) => [key, below instanceof Map ? toValues(below) : below.value]),
  );
}

function countLeaves(branch: Branch): number {
  return [...branch.values()].reduce(
    (sum, below) => sum + (below instanceof Map ? countLeaves(below) : 1),
    0,
  );
}

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(what: string): Problem {
  return {
    code: "malformed",
    message: `The \`values\` ${what}.`,
    help: "Write values nested as in values.yaml, or as dotted paths with `\\.` for a dot inside a key; replace lists as a whole, and quote large numbers.",
  };
}
