// A check run belongs to a commit, but its judgement is about one pull request and one base branch. The base branch is
// therefore part of the run's `external_id`.

import { createHash } from "node:crypto";

/** `fingerprint`: of the judgement. */
export function ofBase(fingerprint: string, baseBranch: string): string {
  return `${fingerprint} of ${markOf(baseBranch)}`;
}

/** False for a run written before the base branch was part of the id: it may be for any branch. */
export function isOfOtherBase(externalId: string, baseBranch: string): boolean {
  const mark = /^[0-9a-f]{32} of ([0-9a-f]{8})(?: |$)/.exec(externalId)?.[1];
  return mark !== undefined && mark !== markOf(baseBranch);
}

function markOf(branch: string): string {
  return createHash("sha256").update(branch).digest("hex").slice(0, 8);
}
