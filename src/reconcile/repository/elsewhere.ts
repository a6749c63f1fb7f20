// Whether a chart stands in more than one environment of a repository.

import type { Dependent } from "../../domain/model/github/repository.ts";

/** Whether an environment other than `here` has one of these charts. */
export function isElsewhere(
  here: string,
  charts: readonly string[],
  dependents: readonly Dependent[],
): boolean {
  return dependents.some(({ environment, chart }) => environment !== here && charts.includes(chart));
}
