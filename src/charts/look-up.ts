// Is this very version of this chart in this chart repository, and which others are? Asked as each kind is asked.

import type { Result } from "../model/problem.ts";
import type { ChartRepository } from "../model/settings.ts";
import type { ChartVersion, LookUp } from "./chart-version.ts";
import { lookUpInMuseum, versionsInMuseum } from "./chartmuseum.ts";
import { lookUpInIndex, versionsInIndex } from "./index-repository.ts";
import { lookUpInRegistry, versionsInRegistry } from "./oci.ts";

const LOOK_UP = { chartmuseum: lookUpInMuseum, index: lookUpInIndex, oci: lookUpInRegistry };
const VERSIONS = { chartmuseum: versionsInMuseum, index: versionsInIndex, oci: versionsInRegistry };

/** What the repository says about exactly this version: text for text, never as a range. */
export async function lookUp(repository: ChartRepository, chart: string, version: string): Promise<LookUp> {
  if (!isPathPart(chart) || !isPathPart(version))
    return { kind: "missing", asked: `"${chart}" and "${version}" cannot name a chart and its version` };
  return LOOK_UP[repository.kind](repository, chart, version);
}

/** Every version of a chart in the repository's own order; none when it has no such chart. */
export async function versions(
  repository: ChartRepository,
  chart: string,
): Promise<Result<readonly ChartVersion[]>> {
  return VERSIONS[repository.kind](repository, chart);
}

/** A name that stays one part of a path when put into a URL. */
function isPathPart(name: string): boolean {
  return /^[^/\\?#%]+$/.test(name) && !/^\.+$/.test(name);
}
