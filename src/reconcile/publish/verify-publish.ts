// A publish was announced: is the chart really there? Then everyone who depends on it is enqueued.

import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { Publish } from "../../domain/model/publish.ts";
import type { ChartLookup, ChartTrouble, Deps } from "../context.ts";
import { enqueue } from "../keys.ts";
import type { ReconcileResult } from "../requeue.ts";

/** How long a healthy chart repository may go on saying that the version is not there: its index lags behind uploads. */
const PATIENCE_MS = 15 * 60_000;
/** How long one that does not let us in is asked again: nobody who does not mend it by then is waiting for it. */
const DENIED_PATIENCE_MS = 24 * 60 * 60_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 60_000;
const LAST_DENIED_RETRY_MS = 30 * 60_000;

/** What verifying needs of the world. */
export interface VerifyDeps extends Pick<Deps, "store" | "clock" | "log" | "retrySlots"> {
  readonly settings: Pick<Deps["settings"], "chartRepositories">;
  readonly charts: Pick<Deps["charts"], "lookUp">;
}

/** Verifies one publish; does nothing when it is settled. Waiting is a requeue and holds no worker. */
export async function verifyPublish(id: string, deps: VerifyDeps): Promise<ReconcileResult> {
  const publish = await deps.store.publishes.get(id);
  if (publish?.state === "verified") return enqueueRouted(publish, deps);
  if (publish?.state !== "accepted") return undefined;
  const repository = deps.settings.chartRepositories.find(({ name }) => name === publish.repository);
  if (!repository) return reject(publish, unknownRepository(publish), deps);
  const { chart, version, digest, at } = publish;
  const found = await deps.charts.lookUp(repository, {
    chart,
    version,
    ...(digest !== undefined && { digest }),
    since: at,
  });
  switch (found.kind) {
    case "found":
      return judge(publish, found, deps);
    case "missing":
      return missing(publish, found.asked, { repository, deps });
    case "unreachable":
      return found.why === "denied"
        ? denied(publish, found, { repository, deps })
        : unreachable(publish, found, deps);
  }
}

/** A repeat brought something new: who depends on it plans it anew. */
async function enqueueRouted({ id }: Publish, { store }: VerifyDeps): Promise<ReconcileResult> {
  for (const dependent of await store.publishes.pendingRoutes(id))
    await enqueue(store.queue, { kind: "repository", id: dependent }, "promotion");
  return undefined;
}

async function unreachable(
  publish: Publish,
  { problem, retryAfterMs = 0 }: ChartTrouble,
  deps: VerifyDeps,
): Promise<ReconcileResult> {
  const now = deps.clock();
  await wait(publish, { problem }, deps);
  return after(Math.max(retryMs(now, publish.at, LAST_RETRY_MS), retryAfterMs), now);
}

async function denied(
  publish: Publish,
  { problem: said, retryAfterMs = 0 }: ChartTrouble,
  { repository, deps }: { readonly repository: ChartRepository; readonly deps: VerifyDeps },
): Promise<ReconcileResult> {
  const now = deps.clock();
  const problem = notLetIn(publish, said, repository);
  const since = sinceOf(publish, problem) ?? now;
  if (now.getTime() - since.getTime() >= DENIED_PATIENCE_MS) return reject(publish, problem, deps);
  await wait(publish, { problem, since }, deps);
  return after(Math.max(retryMs(now, since, LAST_DENIED_RETRY_MS), retryAfterMs), now);
}

/**
 * A repository whose index is made meanwhile reads the verified publishes after that, and here the index is read after
 * the publish is verified: one of the two sees the other.
 */
async function judge(
  publish: Publish,
  found: Extract<ChartLookup, { kind: "found" }>,
  deps: VerifyDeps,
): Promise<ReconcileResult> {
  const { digest, metadata } = found;
  const other = otherBytes(publish, found);
  if (other) return reject(publish, other, deps);
  const { store, log } = deps;
  const { id, chart, version, repository } = publish;
  const known = await store.repositories.dependents({ chart, repository });
  await store.publishes.verify(id, {
    ...(digest !== undefined && { digest }),
    ...(metadata.appVersion !== undefined && { appVersion: metadata.appVersion }),
    routes: known,
  });
  const dependents = await store.repositories.dependents({ chart, repository });
  await store.publishes.route(
    id,
    dependents.filter((dependent) => !known.includes(dependent)),
  );
  log.info({ publish: id, chart, version, dependents: dependents.length }, "publish verified");
  for (const dependent of new Set([...known, ...dependents]))
    await enqueue(store.queue, { kind: "repository", id: dependent }, "promotion");
  return undefined;
}

async function missing(
  publish: Publish,
  asked: string,
  { repository, deps }: { readonly repository: ChartRepository; readonly deps: VerifyDeps },
): Promise<ReconcileResult> {
  const now = deps.clock();
  const problem = notThere(publish, asked, repository);
  const since = sinceOf(publish, problem) ?? now;
  if (now.getTime() - since.getTime() >= PATIENCE_MS) return reject(publish, problem, deps);
  await wait(publish, { problem, since }, deps);
  const then = new Date(now.getTime() + retryMs(now, publish.at, LAST_RETRY_MS));
  return { requeueAt: deps.retrySlots.next(publish.publisher, then) };
}

/** Goes on record, and into the log when it is another reason than before. */
async function wait(
  { id, chart, version, repository, problem: before }: Publish,
  { problem, since }: { readonly problem: Problem; readonly since?: Date },
  { store, log }: VerifyDeps,
): Promise<void> {
  if (before?.code !== problem.code)
    log.warn({ publish: id, chart, version, repository, problem }, "publish waits");
  await store.publishes.wait(id, problem, since);
}

/** Since when the repository has said the same without a break. */
function sinceOf({ problem, missingSince }: Publish, { code }: Problem): Date | undefined {
  return problem?.code === code ? missingSince : undefined;
}

/** Half of the time waited so far: an index that lags for milliseconds is asked again at once, one that lags for minutes is spared. */
function retryMs(now: Date, since: Date, longestMs: number): number {
  return Math.min(longestMs, Math.max(FIRST_RETRY_MS, (now.getTime() - since.getTime()) / 2));
}

function after(ms: number, now: Date): ReconcileResult {
  return { requeueAt: new Date(now.getTime() + ms) };
}

async function reject(publish: Publish, problem: Problem, deps: VerifyDeps): Promise<ReconcileResult> {
  await deps.store.publishes.reject(publish.id, problem);
  deps.log.warn({ publish: publish.id, problem }, "publish rejected");
  return undefined;
}

function notThere({ chart, version }: Publish, asked: string, { name }: ChartRepository): Problem {
  return {
    code: "chart-missing",
    message: `${chart} ${version} is not in the chart repository "${name}": ${asked}.`,
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

/** A chart repository that has other bytes than were announced; `undefined` as long as nothing says that it does. */
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
