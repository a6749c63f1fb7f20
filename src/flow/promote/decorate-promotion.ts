// Sees to it that a promotion gets its labels, reviewers and auto-merge once, also when the process died on the way; what
// people took away afterwards stays away.

import type { Environment } from "../../model/config.ts";
import type { ObservedPullRequest } from "../../model/snapshot.ts";
import type { PullRequestName } from "../../pull-request/propose.ts";
import type { Settling } from "./settling.ts";

/** For a pull request that was opened just now. */
export async function decoratePromotion(pullRequest: PullRequestName, settling: Settling): Promise<void> {
  const { about, environment, world } = settling;
  if (!isDecorated(environment)) return;
  const problems = await world.github.decorate(about.repository, about.answer, {
    wanted: environment,
    pullRequest,
  });
  if (problems.length > 0) world.log.warn({ pullRequest: pullRequest.url, problems }, "not all could be set");
}

/**
 * For a pull request that was there before. A promotion is recorded only after it was decorated, so one of the App's that
 * no record names was not. Records can be lost with the database: one that bears any of it was decorated, too.
 */
export async function finishDecorating(pullRequest: ObservedPullRequest, settling: Settling): Promise<void> {
  const { environment } = settling;
  if (!pullRequest.ours || !isDecorated(environment) || bearsAny(pullRequest, environment)) return;
  if (await isRecorded(pullRequest.number, settling)) return;
  await decoratePromotion(pullRequest, settling);
}

function isDecorated({ labels, reviewers, autoMerge }: Environment): boolean {
  return labels.length + reviewers.users.length + reviewers.teams.length > 0 || autoMerge !== "off";
}

function bearsAny({ labels, autoMerge }: ObservedPullRequest, environment: Environment): boolean {
  return autoMerge || environment.labels.some((label) => labels.includes(label));
}

async function isRecorded(number: number, { about, environment, world }: Settling): Promise<boolean> {
  const records = await world.store.promotions.ofRepository(about.repository.id);
  return records.some(
    (record) => record.environment === environment.name && record.pullRequest?.number === number,
  );
}
