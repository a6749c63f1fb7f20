// Versions that Helm takes for one another: `helm dependency build` looks for the locked version by its rank, in which build
// metadata and a leading `v` do not count (helm/helm pkg/downloader manager.go versionEquals; helm#13245).

import { compareVersions, parseVersion } from "./version.ts";

/** Those of `listed` that rank the same as `version` and are written otherwise, in their order. */
export function sameRank(version: string, listed: readonly string[]): readonly string[] {
  const wanted = parseVersion(version);
  if (wanted === undefined) return [];
  return listed.filter((other) => {
    const parsed = other === version ? undefined : parseVersion(other);
    return parsed !== undefined && compareVersions(parsed, wanted) === 0;
  });
}
