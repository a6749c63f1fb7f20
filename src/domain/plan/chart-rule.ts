// Which rule of `charts:` applies to a dependency.

import type { ChartRule, Environment } from "../model/config/config.ts";
import { matchesGlob } from "../model/config/glob.ts";

/** The last matching rule in the order written, as in .gitignore; `undefined`: the chart is not promoted there. */
export function ruleFor({ charts }: Pick<Environment, "charts">, chart: string): ChartRule | undefined {
  return charts.findLast(({ glob }) => matchesGlob(glob, chart));
}
