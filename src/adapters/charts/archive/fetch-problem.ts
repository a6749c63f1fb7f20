// Why a packed chart, or its provenance, could not be fetched.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import type { Problem } from "../../../domain/model/problem.ts";

/** `requested`: the request and its response. */
export function missing({ name }: Pick<ChartRepository, "name">, requested: string): Problem {
  return {
    code: "chart-missing",
    message: `Chart repository "${name}" does not have it: ${requested}.`,
    help: "Publish the chart (with its provenance file, where charts must be signed) and announce it again.",
  };
}

export function otherDigest(
  { name }: Pick<ChartRepository, "name">,
  wanted: { readonly chart: string; readonly version: string; readonly digest?: string },
  digest: string,
): Problem {
  return {
    code: "chart-digest",
    message: `The archive of ${wanted.chart} ${wanted.version} in chart repository "${name}" has the digest ${digest}, not ${wanted.digest}.`,
    help: "Find out who replaced the archive, and publish what was meant under a new version.",
  };
}
