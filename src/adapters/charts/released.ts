// The versions of a chart that a promotion passes, with what each says about itself. Asked as each kind is asked.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { ChartSources } from "./chart-sources.ts";
import { versionsInMuseum } from "./chartmuseum.ts";
import { readReleases } from "./oci/oci-releases.ts";
import type { Released, VersionRange } from "./version-range.ts";

/** Perhaps as it was some seconds ago. Never fails: what cannot be read costs the reader that part of a text and no more. */
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
