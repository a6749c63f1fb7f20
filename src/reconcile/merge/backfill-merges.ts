// Backfill: finds merges without a webhook (server down, delivery lost) on a resync, and deploys them like any other.

import { goneBases } from "../../domain/merge/left-branches.ts";
import type { Config, Environment } from "../../domain/model/config/config.ts";
import type { MergedPullRequest } from "../../domain/model/github/merge.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { RepositoryContext } from "../context.ts";
import { changeIndex } from "../repository/index/change-index.ts";
import { adoptDeployments } from "./adopt-deployments.ts";
import { releaseLabelled } from "./deploy-held.ts";
import { deployMerge, type MergeOutcome } from "./deploy-merge.ts";
import { knownPushes } from "./direct-pushes.ts";
import { type Elsewhere, onBranchesOfNow } from "./merged-elsewhere.ts";

/**
 * Merges from before the App was installed are history and stay undeployed. With an empty database, evidence on GitHub
 * shows that the App was there before: its deployments (which are adopted), its pull requests, or a config that it read
 * and found wrong.
 */
export async function backfillMerges(
  { mergesSeenUntil, backfillDue = false, wrongSince, movedFrom = [] }: RepositoryIndex,
  context: RepositoryContext & Pick<ObservedState, "counts"> & Pick<Elsewhere, "left" | "heads">,
): Promise<readonly MergeOutcome[]> {
  const { repository, config, heads, counts, deps } = context;
  const since = mergesSeenUntil === undefined ? undefined : new Date(mergesSeenUntil);
  const left = context.left.filter(({ mergedAt }) => !since || mergedAt >= since);
  const branches = [...new Set([...config.environments, ...movedFrom, ...left].map(({ branch }) => branch))];
  const moved = new Set([...movedFrom, ...left].map(({ environment }) => environment));
  // The environment moved to another branch, perhaps with a third one in between, so merges into any branch are read.
  const isAnyOfUse = moved.size > 0;
  const query = { branches, ...(since && { since }), intoAny: isAnyOfUse || !since };
  const isNone = counts?.mergedPullRequests === 0;
  const all = isNone ? [] : await deps.github.in(repository).mergesSince(query);
  const merges = isAnyOfUse ? all : all.filter(({ base }) => branches.includes(base));
  const last = since ?? lastDeployed(merges, config.environments);
  // Restores drift from the issues first: reports are accepted as soon as their deployment is on record.
  await knownPushes(context);
  if (!since) await adoptDeployments(all, context);
  await releaseLabelled(merges, context);
  const from = last ?? earliest([afterAll(merges), ...presentAt(merges, wrongSince)]);
  const elsewhere = { movedFrom, left: [...left, ...goneBases(merges, moved)], heads };
  const outcomes: MergeOutcome[] = [];
  for (const merge of await missedOf(merges, from, context)) {
    const found = { ...merge, since: deps.clock() };
    for (const query of await onBranchesOfNow(found, elsewhere, context))
      outcomes.push(await deployMerge(query, context));
  }
  if (outcomes.every(({ requeueAt }) => !requeueAt)) {
    const until = newest(merges.filter(({ mergedAt }) => mergedAt >= from)) ?? from;
    if (until.toISOString() !== mergesSeenUntil || backfillDue)
      await changeIndex(
        repository,
        { mergesSeenUntil: until.toISOString(), backfillDue: false, movedFrom: undefined },
        deps,
      );
  }
  return outcomes;
}

/**
 * Merges that are not deployed yet, oldest first. Compared by deployment, since several merges may share a second of
 * GitHub's timestamps.
 */
async function missedOf(
  merges: readonly MergedPullRequest[],
  from: Date,
  { repository, config, deps }: RepositoryContext,
): Promise<readonly MergedPullRequest[]> {
  const fresh = merges.filter(({ mergedAt }) => mergedAt >= from);
  if (fresh.length === 0) return [];
  const known = new Set<string>();
  for (const { name } of config.environments) {
    const past = await deps.store.deployments.ofEnvironment(repository.id, name, fresh.length + 100);
    for (const { sha, githubId } of past) if (githubId !== undefined) known.add(sha);
  }
  return (
    fresh
      .filter(({ sha }) => sha === undefined || !known.has(sha))
      .filter((merge) => !isOutElsewhere(merge, config))
      // GitHub lists the newest first: reversed, a stable sort keeps the order of merges in the same second.
      .toReversed()
      .toSorted((one, other) => one.mergedAt.getTime() - other.mergedAt.getTime())
  );
}

/** Deployed under an environment's former name: renaming an environment deploys nothing. */
function isOutElsewhere({ deployments }: MergedPullRequest, { environments }: Config): boolean {
  const here = new Set(environments.map(({ name }) => name));
  return deployments.some(({ environment, state }) => !here.has(environment) && state !== "held");
}

function newest(merges: readonly MergedPullRequest[]): Date | undefined {
  return merges.map(({ mergedAt }) => mergedAt).reduce<Date | undefined>(later, undefined);
}

/** The first second after all these merges. */
function afterAll(merges: readonly MergedPullRequest[]): Date {
  return new Date((newest(merges)?.getTime() ?? -1_000) + 1_000);
}

/**
 * Instants that prove the App was installed: it read an invalid config, opened a pull request, or its onboarding pull
 * request was merged.
 */
function presentAt(merges: readonly MergedPullRequest[], wrongSince: string | undefined): readonly Date[] {
  const opened = merges
    .filter(({ byApp }) => byApp)
    .map(({ offersConfig, createdAt, mergedAt }) => (offersConfig ? mergedAt : createdAt));
  return wrongSince === undefined ? opened : [...opened, new Date(wrongSince)];
}

function earliest(instants: readonly [Date, ...Date[]]): Date {
  return new Date(Math.min(...instants.map((instant) => instant.getTime())));
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
