// The range of versions that a promotion covers.

import { compareVersions, parseVersion } from "../../domain/versions/version.ts";
import type { ChartVersion } from "./chart-version.ts";

/** A promotion's two versions, as text; `from` may be empty when it is unknown. */
export interface VersionRange {
  readonly chart: string;
  readonly from: string;
  readonly to: string;
}

export interface Released {
  /** At least those above `from` up to `to`, as far as they could be read, in any order. */
  readonly versions: readonly ChartVersion[];
  /** Why some of them are missing, or have no metadata. */
  readonly incomplete?: string;
}

/** Whether a version is above `from` and at most `to`. */
export function isInRange(version: string, { from, to }: VersionRange): boolean {
  const [own, low, high] = [parseVersion(version), parseVersion(from), parseVersion(to)];
  if (!own || !high || compareVersions(own, high) > 0) return false;
  return !low || compareVersions(own, low) > 0;
}
