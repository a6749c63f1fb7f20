// The command /rollback: reads how a merge changed its environment, and opens the pull request that takes it back.

import { commitBefore } from "../../domain/merge/commit-before.ts";
import { chartRepositoriesFor } from "../../domain/model/chart/chart-repository.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { ObservedPullRequest, Snapshot } from "../../domain/model/github/snapshot.ts";
import type { Problem, Result } from "../../domain/model/problem.ts";
import type { Publish } from "../../domain/model/publish.ts";
import { belowFolder, inRepository } from "../../domain/model/repository-path.ts";
import type { Files } from "../../domain/model/umbrella.ts";
import { promotedVersions } from "../../domain/plan/history.ts";
import type { Reversal } from "../../domain/plan/plan-rollback.ts";
import { branchOf } from "../../domain/plan/promotion-branch.ts";
import { rolledBack } from "../../domain/pull-request-body/comments.ts";
import { touchedBy } from "../check-run/gather-check.ts";
import { applyPlan } from "../promotion/apply/apply-plan.ts";
import { ensureDecorated } from "../promotion/apply/decorate-promotion.ts";
import { isElsewhere } from "../repository/elsewhere.ts";
import { filesToRead, planReads, valuesKeysOf } from "../repository/read-plan.ts";
import type { Scope } from "../repository/scope.ts";
import type { CommandReply, PullRequestContext } from "./command-context.ts";

/** A rollback waits for no other environment. */
const NO_UPSTREAM = { kind: "none" } as const;

export async function rollBack(commanded: PullRequestContext): Promise<CommandReply> {
  const { head, config } = commanded;
  if (head.state !== "merged")
    return {
      kind: "refused",
      because: "This pull request is not merged.",
      help: "Comment /reject to decline it.",
    };
  const replies: CommandReply[] = [];
  for (const environment of touchedBy(head, config)) replies.push(await rollBackIn(environment, commanded));
  return together(replies);
}

/** What could be done is done, and the rest is refused. */
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

async function rollBackIn(environment: Environment, commanded: PullRequestContext): Promise<CommandReply> {
  const texts = await mergeTexts(environment, commanded);
  if (!texts)
    return {
      kind: "refused",
      because: "GitHub does not tell what it changed.",
      help: "Try again in a minute.",
    };
  return open(environment, texts, commanded);
}

interface MergeTexts {
  readonly before: Files;
  readonly after: Files;
}

/** The environment's folder before the merge and after it. */
async function mergeTexts(
  environment: Environment,
  { head, repository, dependents, deps }: PullRequestContext,
): Promise<MergeTexts | undefined> {
  const { number, baseBranch: base } = head;
  const proof = await deps.github.in(repository).proveMerge({ number, base, environments: [environment] });
  const before = proof && commitBefore(proof);
  const after = proof?.commits[0]?.oid;
  if (before === undefined || after === undefined) return undefined;
  const charts = new Set(dependents.map(({ chart }) => chart));
  const files = filesToRead(environment, valuesKeysOf(environment.name, charts, dependents));
  const texts = await deps.github.in(repository).textsAt({
    commits: [before, after],
    paths: files.map((file) => inRepository(environment.path, file)),
  });
  const below = (oid: string): Files =>
    new Map([...(texts.get(oid) ?? [])].map(([path, text]) => [belowFolder(environment.path, path), text]));
  return { before: below(before), after: below(after) };
}

async function open(
  environment: Environment,
  texts: MergeTexts,
  commanded: PullRequestContext,
): Promise<CommandReply> {
  const { head, repository, config, index, dependents, deps } = commanded;
  const charts = dependents.filter((one) => one.environment === environment.name).map(({ chart }) => chart);
  const scope: Scope = new Map([[environment.name, new Set(charts)]]);
  const observed = await deps.github
    .in(repository)
    .fetchRepositoryState({ environments: planReads(config, scope, dependents) });
  const snapshot = observed?.snapshots.get(environment.name);
  if (!observed || !snapshot)
    return {
      kind: "refused",
      because: "GitHub does not show its base branch.",
      help: "Try again in a minute.",
    };
  const now = new Map(
    [...snapshot.files].flatMap(([path, { text }]) => (text === undefined ? [] : [[path, text] as const])),
  );
  const chartRepositories = chartRepositoriesFor(deps.settings.chartRepositories, repository);
  const merged = { number: head.number, environment, ...texts, now, chartRepositories };
  const back = await deps.decisions.decide(repository.owner, "reversals", merged);
  if (!back.ok) return refusal(back.problems);
  const [first] = back.value;
  const branch = branchOf(environment, first.chart);
  const work = { repository, index, deliveries: [], pending: [], resync: false };
  const about = { work, repository, config, scope, observed, dependents, doubts: new Map() };
  const context = { upstream: NO_UPSTREAM, environment, snapshot, about, deps };
  const open = openOn(branch, snapshot);
  if (open && !takesBack(open, back.value)) return inTheWay(open.number);
  if (open) {
    await ensureDecorated(open, context);
    return done(back.value, { number: open.number, environment, commanded });
  }
  const publishes = await publishesOf(back.value, commanded);
  if (!publishes.ok) return refusal(publishes.problems);
  const { vendored } = snapshot;
  const plan = await deps.decisions.decide(repository.owner, "planRollBack", {
    ...merged,
    ...{ reversals: back.value, publishes: publishes.value, vendored, at: deps.clock() },
  });
  if (!plan.ok) return refusal(plan.problems);
  const settled = await applyPlan(plan.value, context);
  if (settled.kind === "doubt") throw new Error(`rolling back #${head.number}: ${settled.because}`);
  return settled.pullRequest
    ? done(back.value, { number: settled.pullRequest.number, environment, commanded })
    : { kind: "refused", because: `${settled.refused ?? "nothing has to change"}.`, help: "" };
}

function openOn(branch: string, { branches }: Snapshot): ObservedPullRequest | undefined {
  return branches.get(branch)?.pullRequests.find(({ state }) => state === "open");
}

/** Whether it is this very rollback, opened before an answer was lost or the process died. */
function takesBack(open: ObservedPullRequest, back: readonly Reversal[]): boolean {
  const carried = promotedVersions(open);
  return back.every(({ chart, from }) =>
    carried.some((one) => one.chart === chart && one.rolledBackFrom === from),
  );
}

function done(
  back: readonly Reversal[],
  about: {
    readonly number: number;
    readonly environment: Environment;
    readonly commanded: PullRequestContext;
  },
): CommandReply {
  const { number, environment, commanded } = about;
  const moves = [...new Map(back.map((reversal) => [reversal.chart, reversal])).values()];
  const charts = moves.map(({ chart }) => chart);
  const elsewhere = isElsewhere(environment.name, charts, commanded.dependents);
  return { kind: "done", message: rolledBack(moves, { number, elsewhere }) };
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

/** The versions to go back to must still be where they were published; one that was never announced is looked up. */
async function publishesOf(
  back: readonly Reversal[],
  { deps, login }: PullRequestContext,
): Promise<Result<ReadonlyMap<string, Publish>>> {
  const found = new Map<string, Publish>();
  for (const { chart, to: version, repository: name } of back) {
    const repository = deps.settings.chartRepositories.find((one) => one.name === name);
    const there = repository && (await deps.charts.lookUp(repository, { chart, version }));
    if (there?.kind !== "found") return { ok: false, problems: [goneFrom(name, `${chart} ${version}`)] };
    const announced = await deps.store.publishes.find({ chart, repository: name }, version);
    const { digest } = there;
    const unannounced: Publish = {
      ...{ id: "", chart, version, repository: name, values: {}, source: {}, publisher: `command:${login}` },
      ...{ at: deps.clock(), state: "verified", ...(digest !== undefined && { digest }) },
    };
    found.set(`${chart} ${version}`, announced ?? unannounced);
  }
  return { ok: true, value: found };
}

function goneFrom(repository: string, chart: string): Problem {
  return {
    code: "chart-missing",
    message: `${chart} cannot be found in the chart repository "${repository}".`,
    help: "Upload it again, or try again when the chart repository answers.",
  };
}
