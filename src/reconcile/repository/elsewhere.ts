// Whether a chart is in more than one environment of a repository.

import type { Dependent } from "../../domain/model/github/repository.ts";

/** Whether another environment than `here` contains one of these charts. */
export function isElsewhere(
  here: string,
  charts: readonly string[],
  dependents: readonly Dependent[],
): boolean {
  return dependents.some(({ environment, chart }) => environment !== here && charts.includes(chart));
}
