// Which promotion of the App a pull request is, and planning it again.

import type { Environment } from "../../domain/model/config/config.ts";
import type { PromotionRecord } from "../../domain/model/publish.ts";
import { branchOf } from "../../domain/plan/promotion-branch.ts";
import type { ObservedRepository } from "../promotion/observed-repository.ts";
import { reconcilePromotions } from "../promotion/reconcile-promotions.ts";
import { noteRequeue } from "../repository/index/pending-requeues.ts";
import { planReads } from "../repository/read-plan.ts";
import { reportObstacles } from "../repository/report-obstacles.ts";
import type { Scope } from "../repository/scope.ts";
import { untilConverged } from "../until-converged.ts";
import type { Commander, CommandReply, PullRequestContext } from "./command-context.ts";

/** The charts of an environment that share one promotion branch. */
export interface OwnPromotion {
  readonly environment: Environment;
  readonly branch: string;
  readonly charts: readonly [string, ...string[]];
}

/** `undefined` when the pull request is not a promotion of the App. */
export function promotionOf(context: Commander & Pick<PullRequestContext, "head">): OwnPromotion | undefined {
  const { head, config } = context;
  if (!head.byApp || head.isFork) return undefined;
  for (const environment of config.environments) {
    const [first, ...rest] = chartsIn(environment, context).filter(
      (chart) => branchOf(environment, chart) === head.headBranch,
    );
    if (first !== undefined) return { environment, branch: head.headBranch, charts: [first, ...rest] };
  }
  return undefined;
}

/** The names of an environment's dependencies, without duplicates. */
export function chartsIn(
  { name }: Environment,
  { dependents }: Pick<Commander, "dependents">,
): readonly string[] {
  return [...new Set(dependents.filter(({ environment }) => environment === name).map(({ chart }) => chart))];
}

export const NO_PROMOTION: CommandReply = {
  kind: "refused",
  because: "This pull request is no promotion of the App's own.",
  help: "Comment on one whose title begins with Promote.",
};

/**
 * Reads these environments, plans and applies. `isLeftToPeople`: a branch was left unchanged because people's commits
 * are on it.
 */
export async function replan(
  scope: Scope,
  commander: Commander,
  how: Pick<ObservedRepository, "rebase" | "requestedVersion">,
): Promise<{ readonly isLeftToPeople: boolean }> {
  const { repository, config, index, dependents, deps } = commander;
  const work = { repository, index, deliveries: [], pending: [], resync: false };
  const reads = planReads(config, scope, dependents);
  const doubts = new Map<string, string>();
  return untilConverged(repository, async () => {
    const observed = await deps.github.in(repository).fetchRepositoryState({ environments: reads });
    if (!observed) return { isLeftToPeople: false };
    const context = { work, repository, config, scope, observed, dependents, doubts, ...how };
    const outcome = await reconcilePromotions(context, deps);
    if (outcome.kind === "replan") return undefined;
    await resyncAtTime(outcome.requeueAt, commander);
    await reportObstacles(outcome.obstacles, { repository, config }, deps);
    return { isLeftToPeople: outcome.isLeftToPeople === true };
  });
}

/** Records the time at once, since the command is not run again. */
export async function resyncAtTime(
  at: Date | undefined,
  { repository, resyncAt, deps }: Pick<Commander, "repository" | "resyncAt" | "deps">,
): Promise<void> {
  if (at === undefined) return;
  resyncAt.push(at);
  await noteRequeue(repository, at, deps);
}

export function scopeOf({ environment, charts }: OwnPromotion): Scope {
  return new Map([[environment.name, new Set(charts)]]);
}

/** Promotion records for these charts. */
export async function recordsOf(
  { environment, charts }: OwnPromotion,
  { repository, deps }: Commander,
): Promise<readonly PromotionRecord[]> {
  const records = await deps.store.promotions.ofRepository(repository.id);
  return records.filter((one) => one.environment === environment.name && charts.includes(one.chart));
}
