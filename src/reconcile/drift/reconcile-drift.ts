// Reconciles one environment's drift: shows what its deployers report in one issue, heals it, or leaves it to people.

import { type DriftDecision, decideDrift, redecideAt } from "../../domain/drift/decide-drift.ts";
import { endUnwatched } from "../../domain/drift/drift-issue.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DriftWatch } from "../../domain/model/drift.ts";
import type { Deps, EnvironmentContext } from "../context.ts";
import { type ReconcileResult, requeueAtEarliest } from "../requeue.ts";
import { answerRequests } from "./answer-requests.ts";
import { type ObservedDrift, observeDrift, type Watched } from "./observe-drift.ts";
import { adoptRepeats, repeatDeployment } from "./repeat-deployment.ts";
import { closeDriftIssue, showDrift } from "./show-drift.ts";

/** Does nothing while the config cannot be read. */
export async function reconcileDrift(key: EnvironmentKey, deps: Deps): Promise<ReconcileResult> {
  const { repository, index } = (await deps.store.repositories.withIndex(key.repositoryId)) ?? {};
  if (!repository || repository.archived || !index?.config) return undefined;
  const environment = index.config.environments.find(({ name }) => name === key.environment);
  const requeues = environment ? await answerRequests(key, { repository, environment, deps }) : [];
  const policy = environment?.drift;
  if (!environment || !policy) {
    return requeueAtEarliest([...requeues, await forgetDrift(key, { repository, deps })]);
  }
  const watched = { environment, policy, watch: await watchOf(key, deps) };
  const next = await watchEnvironment(key, watched, { repository, environment, deps });
  return requeueAtEarliest([...requeues, ...next]);
}

async function watchOf(key: EnvironmentKey, { store, clock }: Deps): Promise<DriftWatch> {
  const known = await store.drift.watch(key);
  if (known) return known;
  const begun = { since: clock() };
  await store.drift.setWatch(key, begun);
  return begun;
}

/** Returns when to requeue. */
async function watchEnvironment(
  key: EnvironmentKey,
  watched: Watched,
  context: EnvironmentContext,
): Promise<readonly (Date | undefined)[]> {
  let observed = await observeDrift(key, watched, context.deps);
  let decision = decideDrift(observed.facts);
  let result: ReconcileResult;
  if (decision.kind === "heal") {
    ({ observed, decision } = await knownToGitHub(key, watched, context));
    if (decision.kind === "heal") {
      result = await heal(decision, context);
      observed = await observeDrift(key, watched, context.deps);
      decision = decideDrift(observed.facts);
    }
  }
  const { issue, requeueAt } = await showDrift(key, { ...observed, decision, watch: watched.watch }, context);
  const { since } = watched.watch;
  await context.deps.store.drift.setWatch(key, {
    since,
    ...(issue && { issue }),
    latest: latestOf(observed, decision),
  });
  return [result?.requeueAt, requeueAt, redecideAt(observed.facts, decision)];
}

function latestOf(
  { facts: { resources, reportedAt } }: ObservedDrift,
  { kind }: DriftDecision,
): NonNullable<DriftWatch["latest"]> {
  return {
    resources: resources.length,
    isWatched: kind !== "unwatched",
    ...(reportedAt && { reportedAt }),
  };
}

/**
 * After the loss of the database: reads earlier heals from GitHub, so that they count towards the limit before any new
 * one.
 */
async function knownToGitHub(
  key: EnvironmentKey,
  watched: Watched,
  context: EnvironmentContext,
): Promise<{ readonly observed: ObservedDrift; readonly decision: DriftDecision }> {
  const { repository, deps } = context;
  await adoptRepeats(await deps.github.in(repository).repeats([key.environment]), context);
  const observed = await observeDrift(key, watched, deps);
  return { observed, decision: decideDrift(observed.facts) };
}

function heal(
  { of }: Extract<DriftDecision, { kind: "heal" }>,
  context: EnvironmentContext,
): Promise<ReconcileResult> {
  const repeats = { task: "heal", of: of.githubId, intent: crypto.randomUUID() } as const;
  return repeatDeployment(of, repeats, context);
}

/** The environment is not watched any more. Returns when to retry. */
async function forgetDrift(
  key: EnvironmentKey,
  { repository, deps }: Pick<EnvironmentContext, "repository" | "deps">,
): Promise<Date | undefined> {
  const watch = await deps.store.drift.watch(key);
  if (!watch) return undefined;
  const lastWords = endUnwatched(key.environment, deps.clock());
  const { issue: open } = watch;
  const requeueAt = open && (await closeDriftIssue(key, { lastWords, open }, { repository, deps }));
  if (!requeueAt) await deps.store.drift.forget(key);
  return requeueAt;
}
