// The reconciler of the check run `chart-promoter` on one pull request or merge group.

import { allowanceFor, allowancesIn, needsAllowance } from "../../domain/check/allowance.ts";
import type { CheckFacts } from "../../domain/check/facts.ts";
import { type Judgement, unjudged } from "../../domain/check/judge-pull-request.ts";
import type {
  CheckedPullRequest,
  OpenPullRequest,
  PullRequestQuery,
} from "../../domain/model/github/checked-pull-request.ts";
import type { Dependent, RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { inRepository } from "../../domain/model/repository-path.ts";
import type { Deps, RepositoryContext } from "../context.ts";
import { type CheckTarget, enqueue, type WorkKey } from "../keys.ts";
import type { WrittenCheck } from "../ports/github/check-run-github.ts";
import { unlessDenied } from "../repository/permissions.ts";
import { filesToRead, valuesKeysOf } from "../repository/read-plan.ts";
import { observedIn, requeueIfStale } from "../repository/stale-read.ts";
import { type ReconcileResult, requeueAtEarliest } from "../requeue.ts";
import { checkOffer } from "./check-offer.ts";
import { takeChecksBack } from "./check-without-config.ts";
import { enqueueCheckRun, forgetPullRequest } from "./enqueue-check-runs.ts";
import { gatherHeadFacts, touchedBy } from "./gather-check.ts";
import { isOfOtherBase } from "./judged-base.ts";
import { noteJudgedCharts } from "./note-judged-charts.ts";
import { writeCheckRun } from "./write-check-run.ts";

/** GitHub lists at most this many open pull requests in one answer. */
const MOST_LISTED = 100;

interface CheckContext extends RepositoryContext {
  readonly dependents: readonly Dependent[];
  readonly renamedFrom?: RepositoryIndex["renamedFrom"];
}

export async function reconcileCheckRun(
  { repositoryId, target }: Extract<WorkKey, { kind: "check-run" }>,
  deps: Deps,
): Promise<ReconcileResult> {
  const { repository, index } = (await deps.store.repositories.withIndex(repositoryId)) ?? {};
  if (!repository || repository.archived || !index) return undefined;
  const { config, dependents, renamedFrom } = index;
  const check = async () => {
    if (config) return checkTarget(target, { repository, config, dependents, renamedFrom, deps });
    if (target.kind === "open" && target.which === "all") await takeChecksBack(repository, index, deps);
    return index.configOid === undefined ? checkTheOffer(target, index, { repository, deps }) : undefined;
  };
  return unlessDenied("checks", check, { repository, deps });
}

/** Under the key of the pull request, so that only one worker judges it at a time. */
async function checkTheOffer(
  target: CheckTarget,
  { onboarding }: RepositoryIndex,
  { repository, deps }: Pick<CheckContext, "repository" | "deps">,
): Promise<undefined> {
  const number = onboarding?.pullRequest;
  if (number === undefined || target.kind === "merge-group") return undefined;
  if (target.kind !== "pull-request") {
    await enqueueCheckRun(repository.id, number, deps);
    return undefined;
  }
  return target.number === number ? checkOffer(number, { repository, deps }) : undefined;
}

async function checkTarget(target: CheckTarget, context: CheckContext): Promise<ReconcileResult> {
  switch (target.kind) {
    case "pull-request":
      return checkHead({ number: target.number }, target.write, context);
    case "merge-group":
      return checkGroup(target, context);
    case "head":
      return enqueueOpenPullRequests(({ headSha }) => headSha === target.headSha, "always", context);
    case "open": {
      const { which } = target;
      const wanted = (one: OpenPullRequest, open: readonly OpenPullRequest[]) =>
        which === "all" ||
        one.isHeld ||
        one.isForced ||
        one.check?.passed !== true ||
        isRetargeted(one, open);
      return enqueueOpenPullRequests(wanted, "when-changed", context);
    }
  }
}

/** A merge group's branch name ends in the number of its last pull request and the base commit. */
async function checkGroup(
  { headSha, ref }: { readonly headSha: string; readonly ref: string },
  place: CheckContext,
): Promise<ReconcileResult> {
  const match = /\/pr-(?<number>\d+)-(?<baseSha>[0-9a-f]{40})$/.exec(ref)?.groups;
  if (!match) return undefined;
  const { number, baseSha = "" } = match;
  return checkHead({ number: Number(number), group: { headSha, baseSha } }, "when-changed", place);
}

/** The check was written for a base branch that no open pull request with this head has any more. */
function isRetargeted({ headSha, check }: OpenPullRequest, open: readonly OpenPullRequest[]): boolean {
  if (!check) return false;
  const same = open.filter((one) => one.headSha === headSha);
  return same.every(({ baseBranch }) => isOfOtherBase(check.externalId, baseBranch));
}

async function enqueueOpenPullRequests(
  wanted: (pullRequest: OpenPullRequest, open: readonly OpenPullRequest[]) => boolean,
  write: "when-changed" | "always",
  { repository, config, deps }: CheckContext,
): Promise<undefined> {
  const branches = new Set(config.environments.map(({ branch }) => branch));
  const open = await deps.github.in(repository).openHeads();
  const numbers = open.map(({ number }) => number);
  if (numbers.length < MOST_LISTED) await deps.store.judgedCharts.keepOnly(repository.id, numbers);
  for (const { number } of open.filter((one) => branches.has(one.baseBranch) && wanted(one, open))) {
    const target = { kind: "pull-request", number, write } as const;
    await enqueue(deps.store.queue, { kind: "check-run", repositoryId: repository.id, target });
  }
  return undefined;
}

async function checkHead(
  query: Pick<PullRequestQuery, "number" | "group">,
  write: "when-changed" | "always",
  place: CheckContext,
): Promise<ReconcileResult> {
  const { repository, config, deps } = place;
  const environments = environmentsOf(place);
  const read = await deps.github.in(repository).readHead({ ...query, environments });
  const staleUntil = query.group
    ? undefined
    : await requeueIfStale(repository, observedIn(query.number, read), deps);
  if (staleUntil) return { requeueAt: staleUntil };
  const head = read && query.group ? withGroup(read, environments) : read;
  const pullRequest = { repositoryId: repository.id, number: query.number };
  if (!head || (head.state !== "open" && !query.group)) {
    await forgetPullRequest(pullRequest, deps.store);
    return undefined;
  }
  const allowances = allowancesIn(ownCheck(head, query, place)?.externalId);
  const allowedBy = allowanceFor(allowances, head)?.login;
  const facts = await gatherHeadFacts(head, {
    ...{ repository, config, environments, renamedFrom: place.renamedFrom, deps },
    ...(allowedBy !== undefined && { allowedBy }),
  });
  if (!query.group) await noteJudgedCharts(pullRequest, facts ?? { environments: [] }, deps);
  const isConcerned = query.group !== undefined || touchedBy(head, config).length > 0;
  const unread = head.isUnread && isConcerned ? unjudged([TOO_LARGE]) : undefined;
  const judgement = unread ?? (facts && (await judge(facts, place)));
  if (!judgement) return undefined;
  await writeCheckRun(judgement, { head, write, allowances }, place);
  const { conclusion, title } = judgement;
  if (!query.group)
    await deps.store.checks.put(pullRequest, { conclusion, title, isHeld: facts?.held !== undefined });
  return requeueFor(judgement, deps);
}

const TOO_LARGE: Problem = {
  code: "manifest-invalid",
  message:
    "The files of the environments that it changes are too large to be read: 64 MiB is the most, of what stood there before, what its base has and what it has together.",
  help: "Make the values files smaller, or change fewer environments in one pull request.",
};

async function judge(facts: CheckFacts, { repository, deps }: RepositoryContext): Promise<Judgement> {
  const judged = await deps.decisions.decide(repository.owner, "judgePullRequest", facts);
  return judged.ok ? judged.value : unjudged(judged.problems);
}

/** The App's newest run on the pull request's own head. */
function ownCheck(
  head: CheckedPullRequest,
  { group }: Pick<PullRequestQuery, "group">,
  { repository, deps }: CheckContext,
): WrittenCheck | undefined {
  return group ? head.ownCheck : deps.writtenChecks.newest(repository.id, head.headSha, head.check);
}

/** Records the allowance of `login` in the check of the current head. False when the check waits for no allowance. */
export async function allowHead(
  head: CheckedPullRequest,
  login: string,
  place: CheckContext,
): Promise<boolean> {
  const { repository, config, deps } = place;
  const environments = environmentsOf(place);
  const facts = await gatherHeadFacts(head, { repository, config, environments, allowedBy: login, deps });
  if (!facts || !needsAllowance(facts)) return false;
  const judgement = await judge(facts, place);
  const { number, baseBranch } = head;
  const before = allowancesIn(ownCheck(head, {}, place)?.externalId);
  const others = before.filter((one) => one.number !== number);
  const allowances = [...others, { login, number, baseBranch }];
  await writeCheckRun(judgement, { head, write: "always", allowances }, place);
  return true;
}

/** A merge group contains other pull requests as well: every file that differs from the base counts as changed. */
function withGroup(
  head: CheckedPullRequest,
  environments: PullRequestQuery["environments"],
): CheckedPullRequest {
  const changed = environments.flatMap(({ name, path, files }) => {
    const texts = head.texts.get(name);
    const differing = files.filter((file) => texts?.base.get(file) !== texts?.head.get(file));
    return differing.map((file) => inRepository(path, file));
  });
  return { ...head, files: [...head.files, ...changed] };
}

export function environmentsOf({
  config,
  dependents,
}: Pick<CheckContext, "config" | "dependents">): PullRequestQuery["environments"] {
  const byEnvironment = Map.groupBy(dependents, ({ environment }) => environment);
  return config.environments.map((environment) => {
    const here = byEnvironment.get(environment.name) ?? [];
    const keys = valuesKeysOf(environment.name, new Set(here.map(({ chart }) => chart)), here);
    return { name: environment.name, path: environment.path, files: filesToRead(environment, keys) };
  });
}

function requeueFor({ until, retryAfterMs }: Judgement, { clock }: Deps): ReconcileResult {
  const requeueAt = retryAfterMs === undefined ? undefined : new Date(clock().getTime() + retryAfterMs);
  return requeueAtEarliest([requeueAt, until]);
}
