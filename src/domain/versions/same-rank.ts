// Versions of the same precedence, which Helm may confuse: `helm dependency build` looks the locked version up by
// precedence, ignoring build metadata and a leading `v` (helm/helm pkg/downloader manager.go versionEquals;
// helm#13245).

import { compareVersions, parseVersion } from "./version.ts";

/** Those of `listed` with the same precedence as `version` and another text, in their order. */
export function sameRank(version: string, listed: readonly string[]): readonly string[] {
  const wanted = parseVersion(version);
  if (wanted === undefined) return [];
  return listed.filter((other) => {
    const parsed = other === version ? undefined : parseVersion(other);
    return parsed !== undefined && compareVersions(parsed, wanted) === 0;
  });
}
