// Plans every environment in scope and updates its promotion branches.

import { doubledInterval } from "../../domain/deployment/timeouts.ts";
import { chartRepositoriesFor } from "../../domain/model/chart/chart-repository.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { ObservedState, WhyUnreadable } from "../../domain/model/github/observed-state.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { Plan } from "../../domain/model/promotion.ts";
import type { PromotionRecord, Publish } from "../../domain/model/publish.ts";
import type { Deps } from "../context.ts";
import { isGitHubRefusal } from "../ports/github/github-refusal.ts";
import type { FoundObstacles } from "../repository/report-obstacles.ts";
import { withPresentElsewhere } from "../upstream/present-elsewhere.ts";
import { loadUpstream } from "../upstream/upstream.ts";
import { acknowledgeDeclined } from "./acknowledge-declined.ts";
import type { AppliedPlan, PlanResult } from "./apply/applied-plan.ts";
import { applyPlan } from "./apply/apply-plan.ts";
import { dropCarriedHolds } from "./apply/carry-hold.ts";
import { findObstacles } from "./find-obstacles.ts";
import type { ObservedEnvironment, ObservedRepository } from "./observed-repository.ts";
import { sideBySide } from "./side-by-side.ts";
import { earlierDeclines, takenBackIn } from "./verdict/earlier-declines.ts";

import { recordVerdicts, refusePending } from "./verdict/record-verdicts.ts";
import { withdraw } from "./withdraw.ts";

export type PromotionsResult =
  | {
      readonly kind: "converged";
      readonly requeueAt?: Date;
      /** By environment, for those that were planned. */
      readonly obstacles: readonly FoundObstacles[];
      /** Whether a branch was left unchanged because people's commits are on it. */
      readonly isLeftToPeople?: boolean;
    }
  /** The state on GitHub may differ from what was read: read again now. */
  | { readonly kind: "replan"; readonly because: string };

/**
 * How many of each chart's newest publishes are planned for, besides the pending ones; older ones were superseded long
 * ago.
 */
const CONSIDERED = 100;

export async function reconcilePromotions(
  planned: Omit<ObservedRepository, "carriedHolds">,
  deps: Deps,
): Promise<PromotionsResult> {
  const about = { ...planned, carriedHolds: new Set<number>() };
  const waits: Date[] = [];
  const obstacles: FoundObstacles[] = [];
  let doubt: string | undefined;
  let isLeftToPeople = false;
  const environments = about.config.environments.filter(({ name }) => about.scope.has(name));
  const outcomes = await sideBySide(environments, (environment) => {
    const charts = about.scope.get(environment.name) ?? new Set();
    const obstacle = about.observed.archived ? archived(about.observed) : whyNot(environment, about);
    return obstacle
      ? refuseAll({ environment, charts }, obstacle, { about, deps })
      : reconcileEnvironment(environment, charts, { about, deps });
  });
  for (const outcome of outcomes) {
    if (outcome.kind === "replan") {
      doubt ??= outcome.because;
      continue;
    }
    obstacles.push(...outcome.obstacles);
    if (outcome.requeueAt) waits.push(outcome.requeueAt);
    isLeftToPeople ||= outcome.isLeftToPeople === true;
  }
  if (doubt !== undefined) return { kind: "replan", because: doubt };
  await dropCarriedHolds(about, deps);
  const requeueAt = waits.sort((a, b) => a.getTime() - b.getTime())[0];
  return { kind: "converged", obstacles, isLeftToPeople, ...(requeueAt && { requeueAt }) };
}

interface PlanningContext {
  readonly about: ObservedRepository;
  readonly deps: Deps;
}

async function reconcileEnvironment(
  environment: Environment,
  charts: ReadonlySet<string>,
  context: PlanningContext,
): Promise<PromotionsResult> {
  const { about, deps } = context;
  const snapshot = about.observed.snapshots.get(environment.name);
  if (!snapshot) {
    await refuseProposed(environment, noBranch(environment), context);
    return refuseAll({ environment, charts }, noBranch(environment), context);
  }
  const publishes = await publishesFor(environment.name, charts, context);
  const { repository, observed, work } = about;
  const past = { repository, observed, renamedFrom: work.index?.renamedFrom };
  const known = await loadUpstream(environment, past, deps);
  const upstream = await withPresentElsewhere(known, environment, { about, publishes, deps });
  const withdrawn = await withdraw({ environment, snapshot, upstream, ...context });
  if (withdrawn !== undefined) return { kind: "replan", because: withdrawn };
  const records = await recordsOf(environment, context);
  const concerned = records.filter(({ chart }) => charts.has(chart));
  const takenBack = await takenBackIn({ environment: environment.name, charts }, about.repository, deps);
  const declinedBefore = [...(await earlierDeclines(concerned, snapshot, deps)), ...takenBack];
  const planned = await deps.decisions.decide(about.repository.owner, "planEnvironment", {
    ...{ environment, snapshot, publishes, declinedBefore },
    charts,
    chartRepositories: chartRepositoriesFor(deps.settings.chartRepositories, about.repository),
    upstream,
    now: deps.clock(),
    ...(about.requestedVersion && { requestedVersion: about.requestedVersion }),
  });
  if (!planned.ok) return refuseAll({ environment, charts }, unplanned(planned.problems), context);
  const { plans, verdicts } = planned.value;
  const results = new Map<string, AppliedPlan>();
  let doubt: string | undefined;
  for (const plan of plans) {
    const outcome = await applyByItself(plan, records, { environment, snapshot, upstream, ...context });
    if (outcome.kind === "doubt") doubt ??= outcome.because;
    else results.set(plan.branch, { plan, ...outcome });
  }
  if (doubt !== undefined) return { kind: "replan", because: doubt };
  await acknowledgeDeclined({ verdicts, records }, { environment, snapshot, upstream, ...context });
  await recordVerdicts(verdicts, results, { environment, publishes, records, ...context });
  const applied = [...results.values()];
  const outcome = { charts, applied, verdicts, publishes };
  const obstacles = await findObstacles(outcome, { environment, snapshot, upstream, ...context });
  const waits = applied.flatMap(({ requeueAt }) => (requeueAt ? [requeueAt] : []));
  const requeueAt = [...waits, ...verdicts.flatMap(({ until }) => until ?? [])].sort(
    (a, b) => a.getTime() - b.getTime(),
  )[0];
  const { name } = environment;
  const found = { environment: name, obstacles, ...(!about.work.resync && { charts }) };
  const isLeftToPeople = applied.some((one) => one.isLeftToPeople);
  return { kind: "converged", obstacles: [found], isLeftToPeople, ...(requeueAt && { requeueAt }) };
}

/** Bounds of the retry interval after a refusal by GitHub; it doubles with the age of the publish. */
const REFUSED_MS = { least: 60_000, most: 60 * 60_000 };

/**
 * A refusal of one plan does not affect the others. A failure is read again once; the second time the plan is refused
 * with GitHub's message. A refusal that is on record already is neither read again nor logged again.
 */
async function applyByItself(
  plan: Plan,
  records: readonly PromotionRecord[],
  context: ObservedEnvironment,
): Promise<PlanResult> {
  const { about, deps } = context;
  const outcome = await applyPlan(plan, context).catch((error: unknown): PlanResult => {
    if (!isGitHubRefusal(error)) throw error;
    return { kind: "doubt", because: error.message, isRefusal: true };
  });
  if (outcome.kind !== "doubt" || !outcome.isRefusal) return outcome;
  const { because } = outcome;
  const refused = `GitHub refuses it: ${because}`;
  const isKnown = isOnRecord(plan, refused, records);
  const isNew = about.doubts.get(plan.branch) !== because;
  about.doubts.set(plan.branch, because);
  if (isNew && !isKnown) return outcome;
  if (!isKnown)
    deps.log.warn(
      { repository: nameWithOwner(about.repository), branch: plan.branch, because },
      "promotion refused by GitHub",
    );
  const now = deps.clock();
  const since = plan.kind === "change" && isKnown ? plan.moves[0].publish.at : now;
  return { kind: "done", refused, requeueAt: doubledInterval(since, now, REFUSED_MS) };
}

function isOnRecord(plan: Plan, because: string, records: readonly PromotionRecord[]): boolean {
  return (
    plan.kind === "change" &&
    plan.moves.every(({ publish: { id } }) =>
      records.some((one) => one.publishId === id && one.state === "refused" && one.because === because),
    )
  );
}

/** All pending publishes, however many newer ones there are, and the newest of each chart. */
async function publishesFor(
  environment: string,
  charts: ReadonlySet<string>,
  { about, deps }: PlanningContext,
): Promise<readonly Publish[]> {
  const keys = keysOf(environment, charts, about);
  const newest = await deps.store.publishes.verifiedOf([...keys.values()], CONSIDERED);
  const waiting = about.work.pending.filter(({ chart, repository }) => keys.has(`${repository}/${chart}`));
  return [...new Map([...newest, ...waiting].map((publish) => [publish.id, publish])).values()];
}

function keysOf(environment: string, charts: ReadonlySet<string>, { dependents }: ObservedRepository) {
  const here = dependents.filter((one) => one.environment === environment && charts.has(one.chart));
  return new Map(
    here.map(({ chart, chartRepository }) => [
      `${chartRepository}/${chart}`,
      { chart, repository: chartRepository },
    ]),
  );
}

function recordsOf(
  { name }: Environment,
  { about, deps }: PlanningContext,
): Promise<readonly PromotionRecord[]> {
  return deps.store.promotions.ofEnvironment({ repositoryId: about.repository.id, environment: name });
}

/** Why an environment cannot be read or written, and what to do about it. */
interface Reason {
  readonly because: string;
  readonly help: string;
}

function noBranch({ branch }: Environment): Reason {
  return {
    because: `there is no branch ${branch}`,
    help: "Create it, or name another as branch in .github/chart-promoter.yml.",
  };
}

function unplanned(problems: readonly Problem[]): Reason {
  return { because: problems.map(({ message }) => message).join(" "), help: problems[0]?.help ?? "" };
}

function archived({ nameWithOwner }: ObservedState): Reason {
  return { because: `${nameWithOwner} is archived`, help: "Un-archive it." };
}

function whyNot(environment: Environment, about: ObservedRepository): Reason | undefined {
  const why = about.observed.unreadable?.get(environment.name);
  return why === undefined ? blocked(environment, about) : unreadable(environment)[why];
}

function unreadable({ name }: Environment): Readonly<Record<WhyUnreadable, Reason>> {
  return {
    "left-out": {
      because: `GitHub leaves out of its answers what it has of ${name}`,
      help: "It is asked again every ten minutes. If that lasts, ask GitHub's support.",
    },
    "too-large": {
      because: `the files of ${name} are not read, since together they are larger than one answer of GitHub's may be`,
      help: "Make its values files smaller, or put some of its charts into another environment.",
    },
  };
}

/** A pull request that has to be withdrawn first, and that GitHub does not let the App close. */
function blocked({ name }: Environment, about: ObservedRepository): Reason | undefined {
  const because = about.blocked?.get(name);
  return because === undefined ? undefined : { because, help: "Close it by hand." };
}

/** Refuses the open promotions of an environment whose branch is gone. */
async function refuseProposed(
  environment: Environment,
  { because, help }: Reason,
  context: PlanningContext,
): Promise<void> {
  const records = await recordsOf(environment, context);
  const proposed = records.filter(({ state }) => state === "proposed");
  await context.deps.store.promotions.record(
    proposed.map(({ pullRequest: _gone, ...kept }) => ({ ...kept, state: "refused", because, help })),
  );
}

/** Refuses what would be planned for: the pending publishes, and each chart's newest publish without a record. */
async function refuseAll(
  { environment, charts }: { readonly environment: Environment; readonly charts: ReadonlySet<string> },
  { because, help }: Reason,
  { about, deps }: PlanningContext,
): Promise<PromotionsResult> {
  const { name } = environment;
  const known = new Set((await recordsOf(environment, { about, deps })).map(({ publishId }) => publishId));
  const newest = await deps.store.publishes.verifiedOf([...keysOf(name, charts, about).values()], 1);
  const pending = [...about.work.pending, ...newest.filter(({ id }) => !known.has(id))];
  await refusePending({ ...about.work, pending }, { because, help }, { deps, only: name });
  const message = `${because.charAt(0).toUpperCase()}${because.slice(1)}${because.endsWith(".") ? "" : "."}`;
  const obstacle = { of: "folder", environment: name, message, help } as const;
  return { kind: "converged", obstacles: [{ environment: name, obstacles: [obstacle] }] };
}
