// Comments under a promotion that people closed: what declining means, and which older versions it keeps out.

import type { ObservedPullRequest } from "../../domain/model/github/snapshot.ts";
import type { Verdict } from "../../domain/model/promotion.ts";
import type { PromotionRecord } from "../../domain/model/publish.ts";
import { declinedVersions, historyOf } from "../../domain/plan/history.ts";
import { branchOf } from "../../domain/plan/promotion-branch.ts";
import { declined, olderThanDeclined, tellsDeclined } from "../../domain/pull-request-body/comments.ts";
import { unlessRefused } from "../ports/github/github-refusal.ts";
import { isElsewhere } from "../repository/elsewhere.ts";
import type { ObservedEnvironment } from "./observed-repository.ts";

/**
 * `records`: of the environment, as they were before this run. A comment that GitHub refuses, as in a locked
 * conversation, is dropped.
 */
export async function acknowledgeDeclined(
  {
    verdicts,
    records,
  }: { readonly verdicts: readonly Verdict[]; readonly records: readonly PromotionRecord[] },
  context: ObservedEnvironment,
): Promise<void> {
  for (const { pullRequests } of context.snapshot.branches.values()) {
    const [newest] = pullRequests;
    if (newest) await acknowledge(newest, records, context);
  }
  for (const verdict of verdicts) {
    const known = records.find(({ publishId }) => publishId === verdict.publishId);
    if (verdict.state === "declined" && known?.state !== "declined") await reportOlder(verdict, context);
  }
}

/** Checks the record as well: it is written after the comment, which a lagging read replica may not show yet. */
async function acknowledge(
  pullRequest: ObservedPullRequest,
  records: readonly PromotionRecord[],
  context: ObservedEnvironment,
): Promise<void> {
  const { about, environment } = context;
  const versions = declinedVersions(pullRequest);
  const isAcknowledged = pullRequest.comments.some(({ byApp, body }) => byApp && tellsDeclined(body));
  const isRecorded = records.some(
    ({ state, pullRequest: known }) => state === "declined" && known?.number === pullRequest.number,
  );
  if (versions.length === 0 || isAcknowledged || isRecorded) return;
  const charts = versions.map(({ chart }) => chart);
  const elsewhere = isElsewhere(environment.name, charts, about.dependents);
  await writeComment(pullRequest, declined({ versions, elsewhere }), context);
}

/** For a pending version that a higher declined one keeps out: it may be a hot fix of an older line. */
async function reportOlder({ publishId }: Verdict, context: ObservedEnvironment): Promise<void> {
  const { about, environment, snapshot } = context;
  const publish = about.work.pending.find(({ id }) => id === publishId);
  const branch = publish && snapshot.branches.get(branchOf(environment, publish.chart));
  const history = branch && historyOf(branch, publish.chart).declined;
  if (!history || history.version === publish.version) return;
  const { chart, version } = publish;
  const acknowledgement = olderThanDeclined({ chart, version, declined: history.version });
  const hasComment = history.pullRequest.comments.some(
    ({ byApp, body }) => byApp && body === acknowledgement,
  );
  if (!hasComment) await writeComment(history.pullRequest, acknowledgement, context);
}

function writeComment(
  { id }: ObservedPullRequest,
  body: string,
  { about, deps }: ObservedEnvironment,
): Promise<void> {
  return unlessRefused(() => deps.github.in(about.repository).comment(id, body), deps);
}
