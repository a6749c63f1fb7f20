// Is this very version of this chart in this chart repository, and which others are? Asked as each kind is asked.

import type { Result } from "../model/problem.ts";
import type { ChartRepository } from "../model/settings.ts";
import type { ChartVersion, LookUp } from "./chart-version.ts";
import { lookUpInMuseum, versionsInMuseum } from "./chartmuseum.ts";
import { Indexes } from "./index-repository.ts";
import { lookUpInRegistry, versionsInRegistry } from "./oci.ts";
import type { WantedVersion } from "./wanted-version.ts";

/**
 * What the repository says about exactly this version: text for text, never as a range.
 * `indexes` is shared by look-ups that need not each download an index; ChartMuseum and registries are asked about the
 * one version each time.
 */
export async function lookUp(
  repository: ChartRepository,
  wanted: WantedVersion,
  indexes = new Indexes(),
): Promise<LookUp> {
  const { chart, version } = wanted;
  if (!isPathPart(chart) || !isPathPart(version))
    return { kind: "missing", asked: `"${chart}" and "${version}" cannot name a chart and its version` };
  switch (repository.kind) {
    case "chartmuseum":
      return lookUpInMuseum(repository, chart, version);
    case "index":
      return indexes.lookUp(repository, wanted);
    case "oci":
      return lookUpInRegistry(repository, chart, version);
  }
}

/** Every version of a chart in the repository's own order, perhaps as it was some seconds ago; none when it has no such chart. */
export async function versions(
  repository: ChartRepository,
  chart: string,
  indexes = new Indexes(),
): Promise<Result<readonly ChartVersion[]>> {
  switch (repository.kind) {
    case "chartmuseum":
      return versionsInMuseum(repository, chart);
    case "index":
      return indexes.versions(repository, chart);
    case "oci":
      return versionsInRegistry(repository, chart);
  }
}

/** A name that stays one part of a path when put into a URL. */
function isPathPart(name: string): boolean {
  return /^[^/\\?#%]+$/.test(name) && !/^\.+$/.test(name);
}
