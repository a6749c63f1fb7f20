// Carries one plan out: files and text for a change, then the step that makes the branch say so.

import type { Draft } from "../../model/draft.ts";
import type { Problem } from "../../model/problem.ts";
import type { Change, Plan } from "../../model/promotion.ts";
import type { ObservedBranch, ObservedPullRequest } from "../../model/snapshot.ts";
import { carriedBy } from "../../plan/history.ts";
import { commitMessage, titleOf } from "../../plan/text.ts";
import { decide, type Step } from "../../pull-request/decide.ts";
import { type PullRequestName, propose } from "../../pull-request/propose.ts";
import { humanCommits, movedOn } from "../../review/comments.ts";
import { obsolete } from "./comments.ts";
import { decoratePromotion, finishDecorating } from "./decorate-promotion.ts";
import { describe } from "./describe.ts";
import { filesOf } from "./files.ts";
import { retell } from "./retell.ts";
import type { Settling } from "./settling.ts";

export type PlanSettled =
  | {
      readonly kind: "done";
      readonly pullRequest?: PullRequestName;
      readonly refused?: string;
      readonly again?: Date;
    }
  | { readonly kind: "doubt"; readonly because: string };

const QUEUE_RETRY_MS = 60_000;

export async function settlePlan(plan: Plan, settling: Settling): Promise<PlanSettled> {
  const branch = settling.snapshot.branches.get(plan.branch) ?? { name: plan.branch, pullRequests: [] };
  switch (plan.kind) {
    case "change":
      return settleChange(plan, branch, settling);
    case "unchanged":
      return settleUnchanged(plan, branch, settling);
    case "refused":
      return { kind: "done", refused: plan.because };
  }
}

/** An open pull request whose versions the base already has is closed with the reason; any other is left alone. */
async function settleUnchanged(
  plan: Extract<Plan, { kind: "unchanged" }>,
  branch: ObservedBranch,
  { about, world }: Settling,
): Promise<PlanSettled> {
  const open = branch.pullRequests.find(({ state }) => state === "open");
  if (!open || !plan.obsolete) return { kind: "done", ...(open && { pullRequest: open }) };
  await world.github.close(about.repository, open.id, obsolete(plan.because));
  return { kind: "done" };
}

async function settleChange(
  change: Change,
  branch: ObservedBranch,
  settling: Settling,
): Promise<PlanSettled> {
  const files = await filesOf(change, settling);
  if (!files.ok) return { kind: "done", refused: messages(files.problems) };
  const { environment, snapshot } = settling;
  const decided = decide({ files: files.value, folder: environment.path, snapshot, branch });
  const step = settling.about.rebase === branch.name ? (anew(branch) ?? decided) : decided;
  switch (step.kind) {
    case "leave":
      if (step.pullRequest) {
        await retell(step.pullRequest, settling);
        await finishDecorating(step.pullRequest, settling);
      }
      return { kind: "done", ...(step.pullRequest && { pullRequest: step.pullRequest }) };
    case "wait":
      return {
        kind: "done",
        pullRequest: step.pullRequest,
        again: new Date(settling.world.clock().getTime() + QUEUE_RETRY_MS),
      };
    case "stop":
      return stop(change, step, settling);
    case "open":
    case "append":
    case "rebuild": {
      const draft = await draftOf(change, files.value, { ...settling, step });
      return write(change, draft, { ...settling, step });
    }
  }
}

/** Asked for by people, so that commits of theirs on the branch give way. */
function anew({ pullRequests }: ObservedBranch): Step | undefined {
  const pullRequest = pullRequests.find(({ state }) => state === "open");
  return pullRequest && !pullRequest.inMergeQueue ? { kind: "rebuild", pullRequest } : undefined;
}

type Writing = Extract<Step, { kind: "open" | "append" | "rebuild" }>;

async function draftOf(
  change: Change,
  files: Draft["files"],
  context: Settling & { readonly step: Writing },
): Promise<Draft> {
  const { environment, snapshot, step } = context;
  return {
    branch: change.branch,
    base: { branch: environment.branch, oid: snapshot.base },
    title: titleOf(change),
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
  context: Settling & { readonly step: Writing },
): Promise<PlanSettled> {
  const { about, world, step } = context;
  const comment = step.kind === "open" ? undefined : movedOnFrom(change, step.pullRequest);
  const pullRequests = world.github.pullRequests(about.repository, about.answer);
  const outcome = await propose(step, draft, { pullRequests, comment });
  if (outcome.kind === "doubt") return outcome;
  world.log.info(
    { pullRequest: outcome.pullRequest.url, step: step.kind, because: change.because },
    "proposed",
  );
  if (step.kind === "open") await decoratePromotion(outcome.pullRequest, context);
  else await finishDecorating(step.pullRequest, context);
  return { kind: "done", pullRequest: outcome.pullRequest };
}

/** Said when approvals no longer cover what is proposed; a rebuild of the same versions says nothing. */
function movedOnFrom(change: Change, pullRequest: ObservedPullRequest): string | undefined {
  const moved = change.moves.flatMap(({ chart, to }) => {
    const was = carriedBy(pullRequest, chart)?.version;
    return was === undefined || was === to ? [] : [{ chart, was, now: to }];
  });
  return moved.length === 0 ? undefined : movedOn(moved);
}

/** Says once for each version that people's commits keep the App from updating the branch. */
async function stop(
  change: Change,
  step: Extract<Step, { kind: "stop" }>,
  settling: Settling,
): Promise<PlanSettled> {
  const { about, world } = settling;
  const { pullRequest, because } = step;
  if (pullRequest) {
    await retell(pullRequest, settling);
    if (carriesAll(pullRequest, change)) return { kind: "done", pullRequest };
    const said = humanCommits(change.moves, because);
    if (!pullRequest.comments.some(({ ours, body }) => ours && body === said)) {
      await world.github.comment(about.repository, pullRequest.id, said);
    }
  }
  return { kind: "done", refused: because, ...(pullRequest && { pullRequest }) };
}

/** Then people's commits keep nothing out. */
function carriesAll(pullRequest: ObservedPullRequest, { moves }: Change): boolean {
  return moves.every(({ chart, to }) => carriedBy(pullRequest, chart)?.version === to);
}

function messages(problems: readonly Problem[]): string {
  return problems.map(({ message }) => message).join(" ");
}
