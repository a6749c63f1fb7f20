// A check run is a commit's, and what it says is said of a pull request that leads to one branch: which one stands in its `external_id`.

import { createHash } from "node:crypto";

/** `fingerprint`: of what is said. */
export function ofBase(fingerprint: string, baseBranch: string): string {
  return `${fingerprint} of ${markOf(baseBranch)}`;
}

/** One that was written before this was noted may be of any branch. */
export function isOfOtherBase(externalId: string, baseBranch: string): boolean {
  const mark = /^[0-9a-f]{32} of ([0-9a-f]{8})(?: |$)/.exec(externalId)?.[1];
  return mark !== undefined && mark !== markOf(baseBranch);
}

function markOf(branch: string): string {
  return createHash("sha256").update(branch).digest("hex").slice(0, 8);
}
