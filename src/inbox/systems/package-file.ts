// Packed charts by file name: `<name>-<version>.tgz`, as `helm package` writes them.

import { isChartName, isChartVersion } from "../announcement.ts";

/** The leftmost place that leaves a version behind it: `web-2-1.0.0-rc.1.tgz` is `web-2` at `1.0.0-rc.1`. */
export function parsePackageFile(
  path: string,
): { readonly chart: string; readonly version: string } | undefined {
  const stem = /([^/]+)\.tgz$/.exec(path)?.[1] ?? "";
  for (let dash = stem.indexOf("-"); dash !== -1; dash = stem.indexOf("-", dash + 1)) {
    const chart = stem.slice(0, dash);
    const version = stem.slice(dash + 1);
    if (isChartName(chart) && isChartVersion(version)) return { chart, version };
  }
  return undefined;
}
