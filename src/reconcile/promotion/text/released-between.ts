// The versions between a chart's old and new version, as its chart repository lists them.

import type { ReleasedVersion } from "../../../domain/pull-request-body/facts.ts";
import { compareVersions, parseVersion } from "../../../domain/versions/version.ts";
import type { ReleasedChart } from "../../context.ts";

/** Versions above `from` up to and including `to`. */
export function releasedBetween(
  { from, to }: { readonly from: string; readonly to: string },
  released: readonly ReleasedChart[],
): readonly ReleasedVersion[] {
  const [low, high] = [parseVersion(from), parseVersion(to)];
  if (!high) return [];
  return released.flatMap(({ metadata, created }) => {
    const version = parseVersion(metadata.version);
    const within =
      version && compareVersions(version, high) <= 0 && (!low || compareVersions(version, low) > 0);
    if (!within) return [];
    const { annotations, deprecated } = metadata;
    return [{ version: metadata.version, annotations, deprecated, ...(created && { created }) }];
  });
}
