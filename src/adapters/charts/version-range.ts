// The versions of a chart that a promotion passes.

import { compareVersions, parseVersion } from "../../domain/versions/version.ts";
import type { ChartVersion } from "./chart-version.ts";

/** A promotion's two versions, as text; `from` may be empty where it is not known. */
export interface VersionRange {
  readonly chart: string;
  readonly from: string;
  readonly to: string;
}

export interface Released {
  /** At least those above `from` up to `to`, as far as they could be read, in any order. */
  readonly versions: readonly ChartVersion[];
  /** Why some of them are missing, or say nothing of themselves. */
  readonly unread?: string;
}

/** Whether a version lies above `from` and not above `to`. */
export function isInRange(version: string, { from, to }: VersionRange): boolean {
  const [own, low, high] = [parseVersion(version), parseVersion(from), parseVersion(to)];
  if (!own || !high || compareVersions(own, high) > 0) return false;
  return !low || compareVersions(own, low) > 0;
}
