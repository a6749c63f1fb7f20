import { Chance } from "./chance.ts";
import type { ValuesCase } from "./judge-edits.ts";
import { CHART_KEY, madeUpValues } from "./made-up-values.ts";

/** Generates `count` values files, each from its own seed. */
export function madeUpCases(seed: number, count: number): readonly ValuesCase[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{ name: `made-${at}`, key: CHART_KEY },
    text: madeUpValues(new Chance(seed * 1_000_003 + at)),
  }));
}
