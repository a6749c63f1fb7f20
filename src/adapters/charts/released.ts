// The versions of a chart between a promotion's two versions, with metadata, read in the way of each kind of
// repository.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { ChartSources } from "./chart-sources.ts";
import { versionsInMuseum } from "./chartmuseum.ts";
import { readReleases } from "./oci/oci-releases.ts";
import type { Released, VersionRange } from "./version-range.ts";

/** May be some seconds old. Never fails: what cannot be read is only missing from a text. */
export async function released(
  repository: ChartRepository,
  range: VersionRange,
  sources = new ChartSources(),
): Promise<Released> {
  switch (repository.kind) {
    case "chartmuseum":
      return versionsInMuseum(repository, range.chart);
    case "index":
      return sources.indexes.versions(repository, range.chart);
    case "oci":
      return readReleases(repository, range, sources.oci);
  }
}
