// The command /rollback: reads how a merge changed its environment, and opens a pull request that reverts it.

import type { Environment } from "../../domain/model/config/config.ts";
import type { ObservedPullRequest, Snapshot } from "../../domain/model/github/snapshot.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { promotedVersions } from "../../domain/plan/history.ts";
import type { Reversal } from "../../domain/plan/plan-rollback.ts";
import { branchOf } from "../../domain/plan/promotion-branch.ts";
import { NO_UPSTREAM } from "../../domain/plan/upstream.ts";
import { rolledBack } from "../../domain/pull-request-body/comments.ts";
import { applyPlan } from "../promotion/apply/apply-plan.ts";
import { ensureDecorated } from "../promotion/apply/decorate-promotion.ts";
import type { ObservedEnvironment } from "../promotion/observed-repository.ts";
import { readMerge, rollBackChange } from "../promotion/roll-back-change.ts";
import { isElsewhere } from "../repository/elsewhere.ts";
import { planReads } from "../repository/read-plan.ts";
import type { Scope } from "../repository/scope.ts";
import type { CommandReply, PullRequestContext } from "./command-context.ts";
import { environmentsOf, NOWHERE } from "./environments-of.ts";
import { resyncAtTime } from "./own-promotion.ts";

export async function rollBack(context: PullRequestContext): Promise<CommandReply> {
  if (context.head.state !== "merged")
    return {
      kind: "refused",
      because: "This pull request is not merged.",
      help: "Comment /reject to decline it.",
    };
  const environments = await environmentsOf(context);
  if (environments.length === 0) return NOWHERE;
  const replies: CommandReply[] = [];
  for (const environment of environments) replies.push(await rollBackIn(environment, context));
  return together(replies);
}

/** Combines the replies of several environments: done where possible, with the refusals of the rest. */
function together(replies: readonly CommandReply[]): CommandReply {
  const message = replies.flatMap((reply) => reply.message ?? []).join("\n\n");
  const refused = replies.filter((reply) => reply.kind === "refused");
  const done = message === "" ? {} : { message };
  if (refused.length === 0) return { kind: "done", ...done };
  return {
    kind: "refused",
    because: refused.map(({ because }) => because).join(" "),
    help: [...new Set(refused.map(({ help }) => help))].join(" "),
    ...done,
  };
}

async function rollBackIn(environment: Environment, context: PullRequestContext): Promise<CommandReply> {
  const { head, login } = context;
  const environmentContext = await readEnvironment(environment, context);
  if (!environmentContext)
    return {
      kind: "refused",
      because: "GitHub does not show its base branch.",
      help: "Try again in a minute.",
    };
  const read = await readMerge(head.number, environmentContext);
  if (!read.ok) return refusal(read.problems);
  const { reversals } = read.value;
  const open = openOn(branchOf(environment, reversals[0].chart), environmentContext.snapshot);
  if (open && !isSameRollback(open, reversals)) return inTheWay(open.number);
  if (open) {
    await ensureDecorated(open, environmentContext);
    return done(reversals, { number: open.number, environment, context });
  }
  const change = await rollBackChange(read.value, `command:${login}`, environmentContext);
  if (!change.ok) return refusal(change.problems);
  const applied = await applyPlan(change.value, environmentContext);
  if (applied.kind === "doubt") throw new Error(`rolling back #${head.number}: ${applied.because}`);
  await resyncAtTime(applied.requeueAt, context);
  return applied.pullRequest
    ? done(reversals, { number: applied.pullRequest.number, environment, context })
    : { kind: "refused", because: `${applied.refused ?? "nothing has to change"}.`, help: "" };
}

async function readEnvironment(
  environment: Environment,
  { repository, config, index, dependents, deps }: PullRequestContext,
): Promise<ObservedEnvironment | undefined> {
  const charts = dependents.filter((one) => one.environment === environment.name).map(({ chart }) => chart);
  const scope: Scope = new Map([[environment.name, new Set(charts)]]);
  const observed = await deps.github
    .in(repository)
    .fetchRepositoryState({ environments: planReads(config, scope, dependents) });
  const snapshot = observed?.snapshots.get(environment.name);
  if (!observed || !snapshot) return undefined;
  const work = { repository, index, deliveries: [], pending: [], resync: false };
  const known = { doubts: new Map(), carriedHolds: new Set<number>() };
  const about = { work, repository, config, scope, observed, dependents, ...known };
  // A rollback does not wait for the upstream environment.
  return { upstream: NO_UPSTREAM, environment, snapshot, about, deps };
}

function openOn(branch: string, { branches }: Snapshot): ObservedPullRequest | undefined {
  return branches.get(branch)?.pullRequests.find(({ state }) => state === "open");
}

/** Whether the open pull request is this rollback, opened before an answer was lost or the process died. */
function isSameRollback(open: ObservedPullRequest, back: readonly Reversal[]): boolean {
  const promoted = promotedVersions(open);
  return back.every(({ chart }) => {
    const versions = back.filter((one) => one.chart === chart).map(({ from }) => from);
    const rolledBackFrom = promoted.find((one) => one.chart === chart)?.rolledBackFrom;
    return rolledBackFrom !== undefined && versions.includes(rolledBackFrom);
  });
}

function done(
  back: readonly Reversal[],
  about: {
    readonly number: number;
    readonly environment: Environment;
    readonly context: PullRequestContext;
  },
): CommandReply {
  const { number, environment, context } = about;
  const moves = distinct(back);
  const charts = moves.map(({ chart }) => chart);
  const elsewhere = isElsewhere(environment.name, charts, context.dependents);
  return { kind: "done", message: rolledBack(moves, { number, elsewhere }) };
}

/** Entries of one chart with the same versions are listed once. */
function distinct(back: readonly Reversal[]): readonly (Omit<Reversal, "key"> & { readonly key?: string })[] {
  return [...Map.groupBy(back, ({ chart }) => chart).values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const areAlike = others.every(({ from, to }) => from === first.from && to === first.to);
    const { key: _key, ...alike } = first;
    return areAlike ? [alike] : [first, ...others];
  });
}

function inTheWay(number: number): CommandReply {
  return {
    kind: "refused",
    because: `Pull request ${number} is open on the same branch.`,
    help: "Merge it, or comment /reject there, and then /rollback here.",
  };
}

function refusal(problems: readonly Problem[]): CommandReply {
  const because = problems.map(({ message }) => message).join(" ");
  return { kind: "refused", because, help: problems[0]?.help ?? "" };
}
