// Fields of one mutation document fail independently: after a failed commit or a failed text update, text and branch
// name different versions. Then the text is rewritten for the version on the branch. It is also rewritten when a chart
// in its repository no longer matches the text, or matches again.

import { isLower } from "../../../domain/deployment/version-status.ts";
import { chartRepositoriesFor } from "../../../domain/model/chart/chart-repository.ts";
import type { ObservedPullRequest } from "../../../domain/model/github/snapshot.ts";
import { fail, ok, type Problem, type Result } from "../../../domain/model/problem.ts";
import type { Change } from "../../../domain/model/promotion.ts";
import type { Publish } from "../../../domain/model/publish.ts";
import { promotionTitle } from "../../../domain/plan/commit-message.ts";
import { promotedVersions } from "../../../domain/plan/history.ts";
import { readRollBack } from "../../../domain/plan/roll-back-note.ts";
import { isRollback, type PromotedVersion } from "../../../domain/plan/trailers.ts";
import { NO_UPSTREAM } from "../../../domain/plan/upstream.ts";
import { movedOn } from "../../../domain/pull-request-body/comments.ts";
import { tellsUnfinished } from "../../../domain/pull-request-body/diff/rendered-diff.ts";
import {
  headlineVersions,
  outdatedVersions,
  tellsUnknownSignature,
} from "../../../domain/pull-request-body/headline.ts";
import { withoutClosingNote } from "../../../domain/pull-request-body/markdown/closing-note.ts";
import { ourPart } from "../../../domain/pull-request-body/markdown/markers.ts";
import { tellsOutdated } from "../../../domain/pull-request-body/outdated.ts";
import { tellsChanges } from "../../../domain/pull-request-body/risks/changed-chart.ts";
import { tellsFreezes } from "../../../domain/pull-request-body/shown-freeze.ts";
import { unlessRefused } from "../../ports/github/github-refusal.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";
import { readMerge, rollBackChange } from "../roll-back-change.ts";
import { describe } from "./describe.ts";
import { frozen } from "./gather-facts.ts";
import { giveUp, versionsOnBase } from "./give-up.ts";

/**
 * Returns the resulting text; `undefined` when its missing parts can never be completed. No request when text and
 * branch agree, or when people rewrote the headline.
 */
export async function repairPullRequestText(
  found: ObservedPullRequest,
  context: ObservedEnvironment,
): Promise<string | undefined> {
  const { about, deps } = context;
  const pullRequest = await withoutNote(found, context);
  const headline = headlineVersions(pullRequest.body);
  const promoted = promotedVersions(pullRequest);
  const untrue = promoted.flatMap(({ chart, version }) => {
    const now = headline.get(chart);
    return now === undefined || now === version ? [] : [{ chart, was: version, now }];
  });
  const { body } = pullRequest;
  if (!pullRequest.byApp) return body;
  const publishes = await publishesOf(promoted, context);
  const isTrue = headline.size === 0 || isStillTrue({ pullRequest, carried: promoted, publishes }, context);
  if (untrue.length === 0 && isTrue) return body;
  const change = await changeThatCarries({ pullRequest, carried: promoted, publishes }, context);
  if (!change.ok) return isPassing(change.problems) ? body : giveUp(pullRequest, change.problems, context);
  const now = await describe(change.value, pullRequest, context);
  if (now === body && untrue.length === 0) return body;
  const [ahead, outdated] = [untrue.filter(isAhead), untrue.filter((one) => !isAhead(one))];
  await reportMoved(outdated, pullRequest, context);
  const notice = movedOn(ahead);
  await deps.github.in(about.repository).updatePullRequestText(pullRequest.id, {
    title: promotionTitle(change.value),
    body: now,
    untrue: pullRequest.comments.flatMap(({ id, byApp, body }) => (byApp && body === notice ? [id] : [])),
  });
  deps.log.info({ pullRequest: pullRequest.url, untrue }, "text put right");
  return now;
}

/** Removes the closing note from a reopened pull request. */
async function withoutNote(
  pullRequest: ObservedPullRequest,
  { about, deps }: ObservedEnvironment,
): Promise<ObservedPullRequest> {
  const { id, title, body: found } = pullRequest;
  const body = withoutClosingNote(found);
  if (body === found || !pullRequest.byApp) return pullRequest;
  await deps.github.in(about.repository).updatePullRequestText(id, { title, body, untrue: [] });
  return { ...pullRequest, body };
}

const PASSING: ReadonlySet<Problem["code"]> = new Set(["merge-unproven", "chart-repository-unreachable"]);

function isPassing(problems: readonly Problem[]): boolean {
  return problems.some(({ code }) => PASSING.has(code));
}

function isStillTrue(
  { pullRequest: { body }, carried, publishes }: Carried,
  context: ObservedEnvironment,
): boolean {
  const { freeze } = context.environment;
  const freezes = { sentences: frozen(context), freezes: freeze };
  const isFromBase = isRollback(carried) || outdatedVersions(body, versionsOnBase(context)).length === 0;
  if (tellsOutdated(ourPart(body))) return false;
  return tellsChanges(body, publishes) && isFinished(body) && tellsFreezes(body, freezes) && isFromBase;
}

function isFinished(body: string): boolean {
  return !tellsUnknownSignature(body) && !tellsUnfinished(body);
}

/** A version in the text that differs from the branch. */
interface Untrue {
  readonly chart: string;
  /** On the branch. */
  readonly was: string;
  /** In the text. */
  readonly now: string;
}

/** The text was updated, and the commit failed. */
function isAhead({ was, now }: Untrue): boolean {
  return isLower(was, now);
}

/** The commit was made, and its comment and the text update failed: writes the comment first. */
async function reportMoved(
  outdated: readonly Untrue[],
  { id, comments }: ObservedPullRequest,
  { about, deps }: ObservedEnvironment,
): Promise<void> {
  const notice = movedOn(outdated.map(({ chart, was, now }) => ({ chart, was: now, now: was })));
  if (outdated.length === 0 || comments.some(({ byApp, body }) => byApp && body === notice)) return;
  await unlessRefused(() => deps.github.in(about.repository).comment(id, notice), deps);
}

/** May return fewer when the database was lost. */
async function publishesOf(
  carried: readonly PromotedVersion[],
  { environment, about, deps }: ObservedEnvironment,
): Promise<readonly Publish[]> {
  const keys = carried.flatMap(({ chart, version }) => {
    const here = about.dependents.find(
      (dependent) => dependent.environment === environment.name && dependent.chart === chart,
    );
    return here ? [{ key: { chart, repository: here.chartRepository }, version }] : [];
  });
  const found = await Promise.all(keys.map(({ key, version }) => deps.store.publishes.find(key, version)));
  return found.filter((publish) => publish !== undefined);
}

interface Carried {
  readonly pullRequest: ObservedPullRequest;
  readonly carried: readonly PromotedVersion[];
  readonly publishes: readonly Publish[];
}

/** Plans the same versions again. */
async function changeThatCarries(
  { pullRequest, carried, publishes }: Carried,
  context: ObservedEnvironment,
): Promise<Result<Change>> {
  const { environment, snapshot, about, deps } = context;
  const back = readRollBack(pullRequest);
  if (back) {
    const read = await readMerge(back.number, context);
    return read.ok ? rollBackChange(read.value, back.publisher, context) : read;
  }
  if (publishes.length < carried.length) return fail(FORGOTTEN);
  const planned = await deps.decisions.decide(about.repository.owner, "planEnvironment", {
    environment,
    snapshot,
    publishes,
    charts: new Set(publishes.map(({ chart }) => chart)),
    chartRepositories: chartRepositoriesFor(deps.settings.chartRepositories, about.repository),
    upstream: NO_UPSTREAM,
    now: deps.clock(),
  });
  if (!planned.ok) return planned;
  const change = planned.value.plans.find((plan) => plan.kind === "change");
  if (change) return ok(change);
  const [first] = planned.value.plans;
  return fail({ code: "policy", message: `${first?.because ?? "Nothing has to change"}.`, help: "" });
}

const FORGOTTEN: Problem = {
  code: "chart-missing",
  message: "Not every version that this brings is on record here.",
  help: "Announce it again.",
};
