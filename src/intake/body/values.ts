// The values of a publish: nested as in values.yaml, or with paths as in `helm --set` as their outermost keys.

import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Value } from "../../domain/model/umbrella.ts";
import { unfoldValues } from "../../domain/strvals/unfold-values.ts";

export interface Values {
  readonly [key: string]: Value;
}

/** Far more than an umbrella chart sets, and few enough for a readable pull request. */
const MAX_LEAVES = 1000;
/**
 * All values as JSON, in KiB. 300 publishes of one chart with a megabyte each made a database of 313 MiB and 1.5 GiB of
 * memory while the newest 100 were planned for; with 30 KiB each it is 14 MiB, and 30 MiB of memory more than without.
 */
const MAX_KIB = 32;
/** Maximum length of an outermost key, which may be a path. */
const MAX_KEY = 1000;

/**
 * The values as written, after checking that Helm accepts every path, that no place is set twice, and that every number
 * is exact.
 */
export function parseValues(written: object): Result<Values> {
  const long = Object.keys(written).find((key) => key.length > MAX_KEY);
  if (long !== undefined) return fail(refused(`have a path of more than ${MAX_KEY} characters`));
  if (Object.keys(written).length > MAX_LEAVES) return fail(refused(`hold more than ${MAX_LEAVES} values`));
  if (JSON.stringify(written).length > MAX_KIB * 1024) return fail(refused(`take more than ${MAX_KIB} KiB`));
  if (names(written, "__proto__")) return fail(refused("use the key `__proto__`"));
  const values: { [key: string]: Value } = {};
  const problems: Problem[] = [];
  for (const [key, value] of Object.entries(written)) {
    const inexact = findInexact(value);
    if (inexact !== undefined)
      problems.push(refused(`hold ${inexact} below "${key}", a number too large to be kept exactly`));
    values[key] = value as Value;
  }
  const leaves = unfoldValues(values);
  if (!leaves.ok)
    problems.push(...leaves.problems.map((problem) => ({ ...problem, code: "malformed" as const })));
  else if (leaves.value.length > MAX_LEAVES) problems.push(refused(`hold more than ${MAX_LEAVES} values`));
  const [first, ...rest] = problems;
  return first === undefined ? ok(values) : fail(first, ...rest);
}

/** Whether any map has this key: a program that copies maps may silently lose it. */
function names(value: unknown, key: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, key) || Object.values(value).some((inner) => names(inner, key));
}

/** JSON.parse silently rounds integers above 2^53, and turns numbers above the double range into infinity. */
function findInexact(value: unknown): number | undefined {
  if (typeof value === "number") {
    const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
    return isExact ? undefined : value;
  }
  if (typeof value !== "object" || value === null) return undefined;
  return Object.values(value)
    .map(findInexact)
    .find((found) => found !== undefined);
}

function refused(what: string): Problem {
  return {
    code: "malformed",
    message: `The \`values\` ${what}.`,
    help: "Write values nested as in values.yaml, or as paths as of `helm --set`; quote large numbers.",
  };
}
