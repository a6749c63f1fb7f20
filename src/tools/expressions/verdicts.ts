// The results for each regular expression: fixtures/expressions.json.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const VERDICTS = fileURLToPath(new URL("../../../fixtures/expressions.json", import.meta.url));

/** What bounds the cost of an expression that is not proven linear. */
export interface Bound {
  /** Files below src that use it. */
  readonly in: readonly string[];
  /** Maximum length in characters of the texts that it is used on. */
  readonly longest: number;
  /** What enforces that length. */
  readonly by: string;
  /** The slowest known input: its start, the repeated part, its end. */
  readonly slow: readonly [string, string, string];
}

export interface Verdicts {
  readonly bounded: Readonly<Record<string, Bound>>;
  /** Files that build expressions from other text: how many, and from what. */
  readonly made: Readonly<Record<string, string>>;
  /** Expressions proven linear for every text. */
  readonly linear: readonly string[];
}

export function readVerdicts(): Verdicts {
  const verdicts: Verdicts = JSON.parse(readFileSync(VERDICTS, "utf8"));
  return verdicts;
}

export function writeVerdicts(verdicts: Verdicts): void {
  writeFileSync(VERDICTS, `${JSON.stringify(verdicts, null, 2)}\n`);
}
