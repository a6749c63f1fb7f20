// Applies one plan: files and text for a change, then the pull request action that brings the branch into that state.

import type { Draft } from "../../../domain/model/draft.ts";
import type { ObservedBranch, ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import type { Change, Plan } from "../../../domain/model/promotion.ts";
import { commitMessage, promotionTitle } from "../../../domain/plan/commit-message.ts";
import { promotedVersion } from "../../../domain/plan/history.ts";
import {
  type DesiredBranch,
  decidePullRequestAction,
  type PullRequestAction,
} from "../../../domain/pull-request/pull-request-action.ts";
import { humanCommits, movedOn } from "../../../domain/pull-request-body/comments.ts";
import { tellsUnfinished } from "../../../domain/pull-request-body/diff/rendered-diff.ts";
import { headlineVersions, tellsUnknownSignature } from "../../../domain/pull-request-body/headline.ts";
import { obsolete, withdrawal } from "../comments.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";
import { propose } from "../propose.ts";
import { describe } from "../text/describe.ts";
import { repairPullRequestText } from "../text/repair-pull-request-text.ts";
import type { PlanResult } from "./applied-plan.ts";
import { carryHold } from "./carry-hold.ts";
import { decoratePromotion, ensureDecorated } from "./decorate-promotion.ts";
import { commitFiles } from "./files.ts";
import { inspectBranch } from "./inspect-branch.ts";

const QUEUE_RETRY_MS = 60_000;
const UNKNOWN_RETRY_MS = 60_000;
const UNFINISHED_RETRY_MS = 15_000;

export async function applyPlan(plan: Plan, context: ObservedEnvironment): Promise<PlanResult> {
  const branch = context.snapshot.branches.get(plan.branch) ?? { name: plan.branch, pullRequests: [] };
  switch (plan.kind) {
    case "change":
      return applyChange(plan, branch, context);
    case "unchanged":
      return applyUnchanged(plan, branch, context);
    case "refused":
      return refused(plan, branch, context);
  }
}

/**
 * Closes an open pull request that is obsolete (the base has its versions) or has to be withdrawn, with the reason;
 * repairs the text of any other.
 */
async function applyUnchanged(
  plan: Extract<Plan, { kind: "unchanged" }>,
  branch: ObservedBranch,
  context: ObservedEnvironment,
): Promise<PlanResult> {
  const { about, deps } = context;
  const open = openOn(branch);
  if (!open) return { kind: "done" };
  const { withdraws } = plan;
  if (withdraws !== undefined) {
    await deps.github.in(about.repository).closePullRequest(open.id, withdrawal(withdraws));
    return { kind: "doubt", because: `#${open.number} was withdrawn: ${withdraws}` };
  }
  if (!plan.obsolete) return { kind: "done", pullRequest: open, ...(await keepTextTrue(open, context)) };
  await deps.github.in(about.repository).closePullRequest(open.id, obsolete(plan.because));
  return { kind: "done" };
}

/** Repairs the text of an open pull request even when the plan is refused. */
async function refused(
  { because, problems }: { readonly because: string; readonly problems: readonly Problem[] },
  branch: ObservedBranch,
  context: ObservedEnvironment,
): Promise<PlanResult> {
  const open = openOn(branch);
  const textRequeue = open ? await keepTextTrue(open, context) : {};
  return { kind: "done", refused: because, help: problems[0]?.help, ...textRequeue };
}

function openOn({ pullRequests }: ObservedBranch): ObservedPullRequest | undefined {
  return pullRequests.find(({ state }) => state === "open");
}

async function applyChange(
  change: Change,
  branch: ObservedBranch,
  context: ObservedEnvironment,
): Promise<PlanResult> {
  const files = await commitFiles(change, context);
  if (!files.ok) return refused({ because: messages(files.problems), ...files }, branch, context);
  const { environment, snapshot } = context;
  const isBaseLost = await hasLostBase(branch, context);
  const wanted = { files: files.value, folder: environment.path, snapshot, branch, isBaseLost };
  const step = await stepFor(wanted, context);
  switch (step.kind) {
    case "leave":
      if (step.pullRequest) {
        await carryHold(step.pullRequest, change, { branch, ...context });
        const textRequeue = await keepTextTrue(step.pullRequest, context);
        await ensureDecorated(step.pullRequest, context);
        return { kind: "done", pullRequest: step.pullRequest, ...textRequeue };
      }
      return { kind: "done" };
    case "wait":
      return {
        kind: "done",
        pullRequest: step.pullRequest,
        requeueAt: new Date(context.deps.clock().getTime() + QUEUE_RETRY_MS),
      };
    case "stop":
      return stopForForeignCommits(change, step, context);
    case "open":
    case "append":
    case "rebuild": {
      const draft = await draftOf(change, files.value, { ...context, step });
      return write(change, draft, { ...context, branch, step });
    }
  }
}

/** Sends a request only if the base was forced since the branch began. */
async function hasLostBase(
  branch: ObservedBranch,
  { about, environment, deps }: ObservedEnvironment,
): Promise<boolean> {
  const commits = openOn(branch)?.standsOn;
  if (!commits) return false;
  const base = { branch: environment.branch, commits };
  return !(await deps.github.in(about.repository).branchContains(base));
}

/** The action on the pull request; inspects the branch first when it is unknown whose commits are on it. */
async function stepFor(
  wanted: DesiredBranch,
  context: ObservedEnvironment,
): Promise<Exclude<PullRequestAction, { kind: "inspect" }>> {
  const { rebase } = context.about;
  const forced = rebase?.branch === wanted.branch.name ? forceRebuild(wanted.branch, rebase.head) : undefined;
  const step = forced ?? decidePullRequestAction(wanted);
  if (step.kind !== "inspect") return step;
  const decided = decidePullRequestAction({ ...wanted, own: await inspectBranch(step, context) });
  if (decided.kind === "inspect") throw new Error(`${wanted.branch.name} was inspected already`);
  return decided;
}

/** For /rebase: also overwrites people's commits, if the head is still the one at the time of the command. */
function forceRebuild({ pullRequests }: ObservedBranch, head: string): PullRequestAction | undefined {
  const pullRequest = pullRequests.find(({ state, headOid }) => state === "open" && headOid === head);
  return pullRequest && !pullRequest.inMergeQueue ? { kind: "rebuild", pullRequest } : undefined;
}

type Writing = Extract<PullRequestAction, { kind: "open" | "append" | "rebuild" }>;

async function draftOf(
  change: Change,
  files: Draft["files"],
  context: ObservedEnvironment & { readonly step: Writing },
): Promise<Draft> {
  const { environment, snapshot, step } = context;
  return {
    branch: change.branch,
    base: { branch: environment.branch, oid: snapshot.base },
    title: promotionTitle(change),
    body: await describe(change, step.kind === "open" ? undefined : step.pullRequest, context),
    message: commitMessage(change),
    files,
    draft: environment.draft,
    labels: environment.labels,
    reviewers: environment.reviewers,
    autoMerge: environment.autoMerge,
  };
}

async function write(
  change: Change,
  draft: Draft,
  context: ObservedEnvironment & { readonly branch: ObservedBranch; readonly step: Writing },
): Promise<PlanResult> {
  const { about, deps, step } = context;
  const comment = step.kind === "open" ? undefined : movedOnFrom(change, step.pullRequest);
  const pullRequests = deps.github.in(about.repository).pullRequests(about.observed);
  const facts = { branch: draft.branch };
  const outcome = await deps.tracing.span(`${step.kind} pull request`, facts, () =>
    propose(step, draft, { pullRequests, comment }),
  );
  if (outcome.kind === "doubt") return outcome;
  deps.log.info(
    { pullRequest: outcome.pullRequest.url, step: step.kind, because: change.because },
    "proposed",
  );
  const known = step.kind === "open" ? {} : step.pullRequest;
  await carryHold({ ...known, ...outcome.pullRequest }, change, context);
  if (step.kind === "open") await decoratePromotion(outcome.pullRequest, context);
  else await ensureDecorated(step.pullRequest, context);
  return { kind: "done", pullRequest: outcome.pullRequest, ...requeueForText(draft.body, context) };
}

async function keepTextTrue(
  pullRequest: ObservedPullRequest,
  context: ObservedEnvironment,
): Promise<{ readonly requeueAt?: Date }> {
  const text = await repairPullRequestText(pullRequest, context);
  return text === undefined ? {} : requeueForText(text, context);
}

/** Requeues while the text calls something unknown or unfinished, so that it is completed later. */
function requeueForText(text: string, { deps }: ObservedEnvironment): { readonly requeueAt?: Date } {
  const waitMs = tellsUnfinished(text)
    ? UNFINISHED_RETRY_MS
    : tellsUnknownSignature(text)
      ? UNKNOWN_RETRY_MS
      : undefined;
  return waitMs === undefined ? {} : { requeueAt: new Date(deps.clock().getTime() + waitMs) };
}

/**
 * A comment for a pull request whose version changes, as approvals no longer cover it; none for a rebuild of the same
 * versions.
 */
function movedOnFrom(change: Change, pullRequest: ObservedPullRequest): string | undefined {
  const headline = headlineVersions(pullRequest.body);
  const moved = change.moves.flatMap(({ chart, to }) => {
    const was = promotedVersion(pullRequest, chart)?.version;
    // The text already has the new version when only the commit failed before: no approval is for the old one.
    const isShown = headline.get(chart) === to;
    return was === undefined || was === to || isShown ? [] : [{ chart, was, now: to }];
  });
  const comment = moved.length === 0 ? undefined : movedOn(moved);
  // The comment was written already, with a commit that failed.
  return pullRequest.comments.some(({ byApp, body }) => byApp && body === comment) ? undefined : comment;
}

/** Comments once for each version that people's commits keep the App from updating the branch. */
async function stopForForeignCommits(
  change: Change,
  step: Extract<PullRequestAction, { kind: "stop" }>,
  context: ObservedEnvironment,
): Promise<PlanResult> {
  const { about, deps } = context;
  const { pullRequest, because } = step;
  const textRequeue = pullRequest ? await keepTextTrue(pullRequest, context) : {};
  if (pullRequest) {
    if (carriesAll(pullRequest, change))
      return { kind: "done", pullRequest, isLeftToPeople: true, ...textRequeue };
    const comment = humanCommits(change.moves, because, pullRequest.byApp);
    const isShown = pullRequest.comments.some(({ byApp, body }) => byApp && body === comment);
    if (!isShown && !(await isRefusalRecorded(change, because, context)))
      await deps.github.in(about.repository).comment(pullRequest.id, comment);
  }
  const left = { refused: because, help: LEFTOVER_HELP, isLeftToPeople: true } as const;
  return { kind: "done", ...left, ...textRequeue, ...(pullRequest && { pullRequest }) };
}

const LEFTOVER_HELP = "Delete the branch, after keeping what is needed of it.";

/**
 * Whether this refusal is on record: its comment was written before that, though a lagging read replica may not show
 * it.
 */
async function isRefusalRecorded(
  { moves }: Change,
  because: string,
  { about, environment, deps }: ObservedEnvironment,
): Promise<boolean> {
  const key = { repositoryId: about.repository.id, environment: environment.name };
  const records = await deps.store.promotions.ofEnvironment(key);
  const refused = new Set(
    records
      .filter((one) => one.state === "refused" && one.because === because)
      .map(({ publishId }) => publishId),
  );
  return moves.every(({ publish }) => refused.has(publish.id));
}

/** Whether the pull request has all wanted versions, so that people's commits keep nothing out. */
function carriesAll(pullRequest: ObservedPullRequest, { moves }: Change): boolean {
  return moves.every(({ chart, to }) => promotedVersion(pullRequest, chart)?.version === to);
}

function messages(problems: readonly Problem[]): string {
  return problems.map(({ message }) => message).join(" ");
}
