// Merges that nobody told of, while the server was away or a webhook was lost: found on a sweep, and deployed like any other.

import { EMERGENCY } from "../../merge/frozen.ts";
import type { Environment } from "../../model/config.ts";
import type { MergedPullRequest } from "../../model/merge.ts";
import type { RepositoryIndex } from "../../model/repository.ts";
import { changeIndex } from "../look/change-index.ts";
import { release } from "./deploy-held.ts";
import { deployMerge, type MergeOutcome } from "./deploy-merge.ts";
import { knownPushes } from "./direct-pushes.ts";
import type { MergeContext } from "./merge-context.ts";
import { takeUp } from "./take-up.ts";

/**
 * What was merged before the App first saw the repository is history, and stays undeployed. Where the database is new
 * but the App is not, its own deployments on GitHub tell how far it had come; they are taken up.
 */
export async function deployMissed(
  { mergesSeenUntil }: RepositoryIndex,
  context: MergeContext,
): Promise<readonly MergeOutcome[]> {
  const { repository, config, world } = context;
  const branches = [...new Set(config.environments.map(({ branch }) => branch))];
  const since = mergesSeenUntil === undefined ? undefined : new Date(mergesSeenUntil);
  const merges = await world.github.mergesSince(repository, { branches, ...(since && { since }) });
  const last = since ?? lastDeployed(merges, config.environments);
  if (!since) await takeUp(merges, context);
  const labelled = merges.filter(({ labels }) => labels.includes(EMERGENCY));
  await release(
    labelled.map(({ number }) => number),
    context,
  );
  await knownPushes(context);
  const from = last ?? afterAll(merges);
  const outcomes: MergeOutcome[] = [];
  for (const merge of await missedOf(merges, from, context)) {
    outcomes.push(await deployMerge({ ...merge, since: world.clock() }, context));
  }
  if (outcomes.every(({ again }) => !again)) {
    const until = newest(merges.filter(({ mergedAt }) => mergedAt >= from)) ?? from;
    if (until.toISOString() !== mergesSeenUntil) {
      await changeIndex(repository, { mergesSeenUntil: until.toISOString() }, world);
    }
  }
  return outcomes;
}

/** Oldest first. One whose deployment is on record was told of; several merges may share a second of GitHub's clock. */
async function missedOf(
  merges: readonly MergedPullRequest[],
  from: Date,
  { repository, config, world }: MergeContext,
): Promise<readonly MergedPullRequest[]> {
  const fresh = merges.filter(({ mergedAt }) => mergedAt >= from);
  if (fresh.length === 0) return [];
  const known = new Set<string>();
  for (const { name } of config.environments) {
    const past = await world.store.deployments.ofEnvironment(repository.id, name, fresh.length + 100);
    for (const { sha, githubId } of past) if (githubId !== undefined) known.add(sha);
  }
  return (
    fresh
      .filter(({ sha }) => sha === undefined || !known.has(sha))
      // Of the same second, those that were listed last came first.
      .toReversed()
      .toSorted((one, other) => one.mergedAt.getTime() - other.mergedAt.getTime())
  );
}

function newest(merges: readonly MergedPullRequest[]): Date | undefined {
  return merges.map(({ mergedAt }) => mergedAt).reduce<Date | undefined>(later, undefined);
}

/** The first second in which a merge is not history. */
function afterAll(merges: readonly MergedPullRequest[]): Date {
  return new Date((newest(merges)?.getTime() ?? -1_000) + 1_000);
}

function lastDeployed(
  merges: readonly MergedPullRequest[],
  environments: readonly Environment[],
): Date | undefined {
  return newest(
    merges.filter(({ deployments }) =>
      deployments.some(({ environment }) => environments.some(({ name }) => name === environment)),
    ),
  );
}

function later(one: Date | undefined, other: Date): Date {
  return one && one > other ? one : other;
}
