// Verifies the announced publishes of a chart in its chart repository, many with one look-up, and then enqueues every
// dependent repository.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { ChartKey, Publish } from "../../domain/model/publish.ts";
import type { ChartLookup, ChartTrouble, Deps } from "../context.ts";
import { enqueueAll } from "../keys.ts";
import type { Sighting } from "../ports/store/publishes.ts";
import type { ReconcileResult } from "../requeue.ts";

/**
 * Publishes of one chart, and routes to config repositories, in one transaction: bounds how long it holds the database.
 */
const AT_ONCE = 500;
const ROUTES_AT_ONCE = 10_000;

/** How long a publish counts as just announced. */
const NEWS_MS = 10_000;
/** How long a healthy chart repository may lack an announced version, as its index lags behind uploads. */
const PATIENCE_MS = 15 * 60_000;
/** How long a chart repository that denies access is retried; then the publish is rejected. */
const DENIED_PATIENCE_MS = 24 * 60 * 60_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 60_000;
const LAST_DENIED_RETRY_MS = 30 * 60_000;

/** What verifying needs from outside. */
export interface VerifyDeps extends Pick<Deps, "store" | "clock" | "log" | "retrySlots"> {
  readonly settings: Pick<Deps["settings"], "chartRepositories">;
  readonly charts: Pick<Deps["charts"], "lookUpAll">;
}

/** The result for one publish; `retryMs`: when to look it up again. */
interface JudgedPublish {
  readonly publish: Publish;
  readonly sighting: Sighting;
  readonly retryMs?: number;
}

/** Verifies the pending publishes of one chart, the newest first. Waiting is a requeue and holds no worker. */
export async function verifyPublishes(chart: ChartKey, deps: VerifyDeps): Promise<ReconcileResult> {
  const { store } = deps;
  const known = await store.repositories.dependents(chart);
  const limit = Math.max(1, Math.min(AT_ONCE, Math.floor(ROUTES_AT_ONCE / Math.max(1, known.length))));
  const waiting = await store.publishes.unverified(chart, limit);
  const judged = await judgeAll(newsOf(waiting, deps.clock()), deps);
  await keep(judged, { chart, known, deps });
  const routed = await store.publishes.routedFrom(chart);
  await enqueueAll(
    store.queue,
    routed.map((id) => ({ kind: "repository", id })),
    "promotion",
  );
  return requeue(judged, { isAll: waiting.length < limit && judged.length === waiting.length }, deps);
}

/**
 * Publishes announced just now are looked up by themselves, ahead of older ones that were never looked up, which may be
 * many.
 */
function newsOf(waiting: readonly Publish[], now: Date): readonly Publish[] {
  const unseen = waiting.filter(({ problem }) => problem === undefined);
  const news = unseen.filter(({ at }) => now.getTime() - at.getTime() < NEWS_MS);
  return news.length > 0 && news.length < unseen.length ? news : waiting;
}

/** Looks up as many as the chart repository answers in one go. */
async function judgeAll(waiting: readonly Publish[], deps: VerifyDeps): Promise<readonly JudgedPublish[]> {
  const [first] = waiting;
  if (!first) return [];
  const repository = deps.settings.chartRepositories.find(({ name }) => name === first.repository);
  if (!repository) return waiting.map((publish) => rejected(publish, unknownRepository(publish)));
  const found = await deps.charts.lookUpAll(
    repository,
    waiting.map(({ chart, version, digest, at }) => ({
      ...{ chart, version, since: at },
      ...(digest !== undefined && { digest }),
    })),
  );
  const now = deps.clock();
  return found.flatMap((answer, n) => {
    const publish = waiting[n];
    return publish ? acceptLookup(publish, answer, { repository, now }) : [];
  });
}

interface VerifyContext {
  readonly repository: ChartRepository;
  readonly now: Date;
}

function acceptLookup(publish: Publish, answer: ChartLookup, context: VerifyContext): JudgedPublish {
  switch (answer.kind) {
    case "found":
      return found(publish, answer);
    case "missing":
      return missing(publish, answer.requested, context);
    case "unreachable":
      return answer.why === "denied"
        ? denied(publish, answer, context)
        : unreachable(publish, answer, context);
  }
}

function found(publish: Publish, answer: Extract<ChartLookup, { kind: "found" }>): JudgedPublish {
  const other = otherBytes(publish, answer);
  if (other) return rejected(publish, other);
  const { digest, metadata } = answer;
  return {
    publish,
    sighting: {
      ...{ id: publish.id, kind: "verified" },
      ...(digest !== undefined && { digest }),
      ...(metadata.appVersion !== undefined && { appVersion: metadata.appVersion }),
    },
  };
}

function missing(publish: Publish, requested: string, { repository, now }: VerifyContext): JudgedPublish {
  const problem = notThere(publish, requested, repository);
  const missingSince = sinceOf(publish, problem) ?? now;
  if (now.getTime() - missingSince.getTime() >= PATIENCE_MS) return rejected(publish, problem);
  const retryMs = retryAfter(now, publish.at, LAST_RETRY_MS);
  return waits(publish, { problem, missingSince, lookedAt: now }, retryMs);
}

function denied(
  publish: Publish,
  { problem: trouble, retryAfterMs = 0 }: ChartTrouble,
  { repository, now }: VerifyContext,
): JudgedPublish {
  const problem = notLetIn(publish, trouble, repository);
  const missingSince = sinceOf(publish, problem) ?? now;
  if (now.getTime() - missingSince.getTime() >= DENIED_PATIENCE_MS) return rejected(publish, problem);
  const retryMs = Math.max(retryAfter(now, missingSince, LAST_DENIED_RETRY_MS), retryAfterMs);
  return waits(publish, { problem, missingSince, lookedAt: now }, retryMs);
}

function unreachable(
  publish: Publish,
  { problem, retryAfterMs = 0 }: ChartTrouble,
  { now }: VerifyContext,
): JudgedPublish {
  const retryMs = Math.max(retryAfter(now, publish.at, LAST_RETRY_MS), retryAfterMs);
  return waits(publish, { problem, lookedAt: now }, retryMs);
}

function waits(
  publish: Publish,
  why: Omit<Extract<Sighting, { kind: "waiting" }>, "id" | "kind">,
  retryMs: number,
): JudgedPublish {
  return { publish, sighting: { id: publish.id, kind: "waiting", ...why }, retryMs };
}

function rejected(publish: Publish, problem: Problem): JudgedPublish {
  return { publish, sighting: { id: publish.id, kind: "rejected", problem } };
}

/**
 * `known`: dependents before the verification. A repository that is indexed meanwhile reads the verified publishes
 * after it is indexed, and here the index is read after the verification: one of the two sees the other.
 */
async function keep(
  judged: readonly JudgedPublish[],
  {
    chart,
    known,
    deps,
  }: { readonly chart: ChartKey; readonly known: readonly number[]; readonly deps: VerifyDeps },
): Promise<void> {
  if (judged.length === 0) return;
  const { store, log } = deps;
  await store.publishes.keepSightings(
    judged.map(({ sighting }) => sighting),
    known,
  );
  const verified = judged.filter(({ sighting }) => sighting.kind === "verified");
  const dependents = await store.repositories.dependents(chart);
  await store.publishes.route(
    verified.map(({ publish }) => publish.id),
    dependents.filter((dependent) => !known.includes(dependent)),
  );
  for (const { publish, sighting } of judged) {
    const { id, version, problem: before } = publish;
    if (sighting.kind === "verified")
      log.info({ publish: id, ...chart, version, dependents: dependents.length }, "publish verified");
    else if (sighting.kind === "rejected")
      log.warn({ publish: id, problem: sighting.problem }, "publish rejected");
    else if (before?.code !== sighting.problem.code)
      log.warn({ publish: id, ...chart, version, problem: sighting.problem }, "publish waits");
  }
}

/**
 * At once while other publishes have not been looked up, unless the look-ups fail; otherwise when the first retry is
 * due.
 */
function requeue(
  judged: readonly JudgedPublish[],
  { isAll }: { readonly isAll: boolean },
  { clock, retrySlots }: VerifyDeps,
): ReconcileResult {
  const [first] = judged;
  if (!first) return undefined;
  const now = clock();
  const isNews = judged.some(({ retryMs, publish }) => retryMs === undefined || !publish.problem);
  const isTrouble = judged.some(
    ({ sighting }) => sighting.kind === "waiting" && !isMissing(sighting.problem),
  );
  if (!isAll && isNews && !isTrouble) return { requeueAt: now };
  const waits = judged.flatMap(({ retryMs }) => retryMs ?? []);
  if (waits.length === 0) return undefined;
  const earliest = new Date(now.getTime() + Math.min(...waits));
  return { requeueAt: retrySlots.next(first.publish.publisher, earliest) };
}

function isMissing({ code }: Problem): boolean {
  return code === "chart-missing";
}

/** Since when the repository has given the same answer. */
function sinceOf({ problem, missingSince }: Publish, { code }: Problem): Date | undefined {
  return problem?.code === code ? missingSince : undefined;
}

/** Half of the time waited so far: fast retries for a lag of milliseconds, slow ones for a lag of minutes. */
function retryAfter(now: Date, since: Date, longestMs: number): number {
  return Math.min(longestMs, Math.max(FIRST_RETRY_MS, (now.getTime() - since.getTime()) / 2));
}

function notThere({ chart, version }: Publish, requested: string, { name }: ChartRepository): Problem {
  return {
    code: "chart-missing",
    message: `${chart} ${version} is not in the chart repository "${name}": ${requested}.`,
    help: "Upload the chart before announcing it, and check that the announcement names the chart, the version and the repository exactly.",
  };
}

function notLetIn({ chart, version }: Publish, { message }: Problem, { name }: ChartRepository): Problem {
  return {
    code: "chart-repository-denied",
    message: `Whether ${chart} ${version} exists is not known: ${message}`,
    help: `Check the username and password, or the token, of the chart repository "${name}" in server.yaml, and what they may read; after a day of this the publish is rejected and has to be announced again.`,
  };
}

/**
 * A problem when the chart repository has another digest than was announced; `undefined` when either digest is unknown.
 */
export function otherBytes(
  { chart, version, digest }: Publish,
  { digest: found }: { readonly digest?: string },
): Problem | undefined {
  if (digest === undefined || found === undefined || digest === found) return undefined;
  return {
    code: "chart-digest",
    message: `${chart} ${version} was announced with ${digest}, but the chart repository has ${found}.`,
    help: "Publish a new version: a version that was overwritten, or announced from another build, is never promoted.",
  };
}

function unknownRepository({ repository }: Publish): Problem {
  return {
    code: "not-found",
    message: `The chart repository "${repository}" is no longer in server.yaml.`,
    help: "Put it back under chartRepositories, then announce the publish again.",
  };
}
