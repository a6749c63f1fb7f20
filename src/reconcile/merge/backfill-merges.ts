// Merges without a webhook, while the server was away or a delivery was lost: found on a resync, and deployed like any other.

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
 * What was merged before the App first saw the repository is history, and stays undeployed. Where the database is new
 * but the App is not, its own deployments on GitHub show how far it had come; they are adopted. Its own pull requests, and
 * a wrong config that it read, show that it was there.
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
  // Where an environment's branch became another one, that may have had a third name between.
  const isAnyOfUse = moved.size > 0;
  const query = { branches, ...(since && { since }), intoAny: isAnyOfUse || !since };
  const isNone = counts?.mergedPullRequests === 0;
  const all = isNone ? [] : await deps.github.in(repository).mergesSince(query);
  const merges = isAnyOfUse ? all : all.filter(({ base }) => branches.includes(base));
  const last = since ?? lastDeployed(merges, config.environments);
  // First what the issues tell of drift: a report is taken as soon as its deployment is known.
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

/** Oldest first. One whose deployment is on record was dealt with; several merges may share a second of GitHub's clock. */
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
      // Of the same second, those that were listed last came first.
      .toReversed()
      .toSorted((one, other) => one.mergedAt.getTime() - other.mergedAt.getTime())
  );
}

/** It went out under a name that its environment had before: a new name is no merge. */
function isOutElsewhere({ deployments }: MergedPullRequest, { environments }: Config): boolean {
  const here = new Set(environments.map(({ name }) => name));
  return deployments.some(({ environment, state }) => !here.has(environment) && state !== "held");
}

function newest(merges: readonly MergedPullRequest[]): Date | undefined {
  return merges.map(({ mergedAt }) => mergedAt).reduce<Date | undefined>(later, undefined);
}

/** The first second in which a merge is not history. */
function afterAll(merges: readonly MergedPullRequest[]): Date {
  return new Date((newest(merges)?.getTime() ?? -1_000) + 1_000);
}

/**
 * Instants at which the App was there already, and had a config to deploy by: it saw one that is wrong, had opened a pull
 * request, or the one that offers a first config was merged.
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
