// What was found of each regular expression: fixtures/expressions.json.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const VERDICTS = fileURLToPath(new URL("../../../fixtures/expressions.json", import.meta.url));

/** What keeps an expression from costing much that is not proved to take linear time. */
export interface Bound {
  /** Files below src that use it. */
  readonly in: readonly string[];
  /** Characters of the longest text that it is used on there. */
  readonly longest: number;
  /** What sees to that. */
  readonly by: string;
  /** Text of the slowest kind that is known: its begin, what is repeated, its end. */
  readonly slow: readonly [string, string, string];
}

export interface Verdicts {
  readonly bounded: Readonly<Record<string, Bound>>;
  /** Files that make expressions of other text: how many, and of what. */
  readonly made: Readonly<Record<string, string>>;
  /** Expressions that take linear time on every text. */
  readonly linear: readonly string[];
}

export function readVerdicts(): Verdicts {
  const verdicts: Verdicts = JSON.parse(readFileSync(VERDICTS, "utf8"));
  return verdicts;
}

export function writeVerdicts(verdicts: Verdicts): void {
  writeFileSync(VERDICTS, `${JSON.stringify(verdicts, null, 2)}\n`);
}
