// All that is asked of chart repositories, with what those who ask share.

import type { ChartRepository } from "../model/settings.ts";
import { Archives } from "./archives.ts";
import { type ChartName, fetchProvenance } from "./fetch-archive.ts";
import { Indexes } from "./index-repository.ts";
import { listVersions } from "./list-versions.ts";
import { lookUp, versions } from "./look-up.ts";
import { openArchive } from "./open-archive.ts";
import type { WantedVersion } from "./wanted-version.ts";

export function chartAccess() {
  const indexes = new Indexes();
  const archives = new Archives(indexes);
  return {
    lookUp: (repository: ChartRepository, wanted: WantedVersion) => lookUp(repository, wanted, indexes),
    versions: (repository: ChartRepository, chart: string) => versions(repository, chart, indexes),
    listVersions,
    fetchArchive: (repository: ChartRepository, name: ChartName) => archives.fetch(repository, name),
    fetchProvenance: (repository: ChartRepository, name: ChartName) =>
      fetchProvenance(repository, name, indexes),
    openArchive: (packed: Uint8Array) => openArchive(packed),
  };
}
