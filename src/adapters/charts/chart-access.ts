// All operations on chart repositories, with the caches that they share.

import type { ChartRepository, ImageRegistry } from "../../domain/model/config/settings.ts";
import type { KeptThreads } from "../threads/kept-threads.ts";
import { ArchiveOpener } from "./archive/archive-opener.ts";
import { Archives } from "./archive/archives.ts";
import { type ChartName, fetchProvenance } from "./archive/fetch-archive.ts";
import type { SignedChart } from "./archive/provenance.ts";
import { ProvenanceVerifier } from "./archive/provenance-verifier.ts";
import { ChartSources } from "./chart-sources.ts";
import { CurrentSecrets, type OnSecretFailure } from "./http/current-secret.ts";
import { type ListingQuery, listVersions } from "./list-versions.ts";
import { lookUp, lookUpAll } from "./look-up.ts";
import { imageExists } from "./oci/image-exists.ts";
import { released } from "./released.ts";
import type { VersionRange } from "./version-range.ts";
import type { WantedVersion } from "./wanted-version.ts";

/** `onSecretFailure`: called when a password or token cannot be read; `kept`: a shared pool of threads. */
export function chartAccess(onSecretFailure?: OnSecretFailure, kept?: KeptThreads) {
  const secrets = new CurrentSecrets(onSecretFailure);
  const sources = new ChartSources();
  const archives = new Archives(sources);
  const opener = new ArchiveOpener(kept);
  const verifier = new ProvenanceVerifier(kept);
  return {
    lookUp: async (repository: ChartRepository, wanted: WantedVersion) =>
      lookUp(await secrets.ofRepository(repository), wanted, sources),
    lookUpAll: async (repository: ChartRepository, wanted: readonly WantedVersion[]) =>
      lookUpAll(await secrets.ofRepository(repository), wanted, sources),
    released: async (repository: ChartRepository, range: VersionRange) =>
      released(await secrets.ofRepository(repository), range, sources),
    listVersions: async (repository: ChartRepository, listed: ListingQuery) =>
      listVersions(await secrets.ofRepository(repository), listed, sources),
    fetchArchive: async (repository: ChartRepository, name: ChartName) =>
      archives.fetch(await secrets.ofRepository(repository), name),
    fetchProvenance: async (repository: ChartRepository, name: ChartName) =>
      fetchProvenance(await secrets.ofRepository(repository), name, sources),
    verifyProvenance: (chart: SignedChart) => verifier.verify(chart),
    imageExists: (registries: readonly ImageRegistry[], image: string) =>
      imageExists(registries, image, (registry) => secrets.ofRegistry(registry)),
    openArchive: (packed: Uint8Array, flow: string) => opener.open(packed, flow),
    /** Starts a thread for the next archive in advance. */
    prepare: () => opener.prepare(),
    /** Ends the threads for archives and signatures. */
    close: async () => {
      await Promise.all([opener.close(), verifier.close()]);
    },
  };
}
