// Is this very version of this chart in this chart repository? Asked as each kind is asked.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { ChartSources } from "./chart-sources.ts";
import type { LookUp } from "./chart-version.ts";
import { lookUpInMuseum } from "./chartmuseum.ts";
import type { WantedVersion } from "./wanted-version.ts";

/**
 * What the repository says about exactly this version: text for text, never as a range.
 * `sources` is shared by look-ups that need not each download an index or read a manifest; ChartMuseum is asked about the
 * one version each time.
 */
export async function lookUp(
  repository: ChartRepository,
  wanted: WantedVersion,
  sources = new ChartSources(),
): Promise<LookUp> {
  const { chart, version } = wanted;
  if (!isPathPart(chart) || !isPathPart(version))
    return { kind: "missing", asked: `"${chart}" and "${version}" cannot name a chart and its version` };
  switch (repository.kind) {
    case "chartmuseum":
      return lookUpInMuseum(repository, chart, version);
    case "index":
      return sources.indexes.lookUp(repository, wanted);
    case "oci":
      return sources.oci.lookUp(repository, wanted);
  }
}

/** A name that stays one part of a path when put into a URL. */
function isPathPart(name: string): boolean {
  return /^[^/\\?#%]+$/.test(name) && !/^\.+$/.test(name);
}
