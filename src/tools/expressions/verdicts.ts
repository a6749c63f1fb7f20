// What was found of each regular expression: fixtures/expressions.json.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const VERDICTS = fileURLToPath(new URL("../../../fixtures/expressions.json", import.meta.url));

export interface Verdicts {
  /** Where texts come from and how long they may be, by the names that `bounded` uses. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Expressions that are not proved to take linear time, and which input bounds what they can cost. */
  readonly bounded: Readonly<Record<string, string>>;
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
