// Packed charts by file name: `<name>-<version>.tgz`, as `helm package` writes them.

import { isChartName, isChartVersion } from "../../body/announcement.ts";

/** Maximum length of the name before the dash. */
const LONGEST_NAME = 250;

/** Splits at the leftmost dash that a version follows: `web-2-1.0.0-rc.1.tgz` is `web-2` at `1.0.0-rc.1`. */
export function parsePackageFile(
  path: string,
): { readonly chart: string; readonly version: string } | undefined {
  const file = path.slice(path.lastIndexOf("/") + 1);
  if (!file.endsWith(".tgz")) return undefined;
  const stem = file.slice(0, -".tgz".length);
  for (
    let dash = stem.indexOf("-");
    dash !== -1 && dash <= LONGEST_NAME;
    dash = stem.indexOf("-", dash + 1)
  ) {
    const chart = stem.slice(0, dash);
    const version = stem.slice(dash + 1);
    if (isChartName(chart) && isChartVersion(version)) return { chart, version };
  }
  return undefined;
}
