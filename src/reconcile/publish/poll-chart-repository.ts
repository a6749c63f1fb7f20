// Polls for versions that nobody announced, such as after a lost webhook.

import type { ListedVersion } from "../../domain/model/chart/listed-version.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { ChartTrouble, Deps } from "../context.ts";
import type { PollKey } from "../ports/store/polls.ts";
import type { ReconcileResult } from "../requeue.ts";
import { announceListed } from "./announce-listed.ts";
import { compareJudged } from "./enqueue-judged.ts";

/** What a poll needs from outside. */
export interface PollDeps extends Pick<Deps, "store" | "clock" | "log"> {
  readonly settings: Pick<Deps["settings"], "chartRepositories">;
  readonly charts: Pick<Deps["charts"], "listVersions">;
}

/**
 * The first poll of a repository is the baseline: existing versions are not announced. A failed poll changes nothing.
 */
export async function pollChartRepository(name: string, deps: PollDeps): Promise<ReconcileResult> {
  const repository = deps.settings.chartRepositories.find((candidate) => candidate.name === name);
  if (repository?.pollMs === undefined) {
    await deps.store.polls.keepFailing(name, []);
    return undefined;
  }
  const trouble =
    repository.kind === "oci" ? await pollCharts(repository, deps) : await poll(repository, {}, deps);
  if (trouble) await noteTrouble({ repository: name }, trouble, deps);
  const waitMs = Math.max(repository.pollMs, trouble?.retryAfterMs ?? 0);
  return { requeueAt: new Date(deps.clock().getTime() + waitMs) };
}

/**
 * An OCI registry has no catalogue, so each chart that a config repository depends on is polled by itself: one that is
 * denied or missing does not affect the others. Only trouble of the whole registry postpones the rest.
 */
async function pollCharts(repository: ChartRepository, deps: PollDeps): Promise<ChartTrouble | undefined> {
  const { name } = repository;
  const charts = await deps.store.repositories.chartsFrom(name);
  await deps.store.polls.keepFailing(name, ["", ...charts]);
  for (const chart of charts) {
    const trouble = await poll(repository, { chart }, deps);
    if (trouble?.isWholeServer === true) return trouble;
    if (trouble) await noteTrouble({ repository: name, chart }, trouble, deps);
  }
  await noteRecovery({ repository: name }, deps);
  return undefined;
}

/** Why it could not be listed, if it could not. */
async function poll(
  repository: ChartRepository,
  about: { readonly chart?: string },
  deps: PollDeps,
): Promise<ChartTrouble | undefined> {
  const { polls } = deps.store;
  const key = { repository: repository.name, ...about };
  const isFirst = !(await polls.isPolled(key));
  const judged = (await deps.store.judgedCharts.of(repository.name)).filter(
    ({ chart }) => about.chart === undefined || chart === about.chart,
  );
  const known = judged.map(({ version }) => version);
  // Charts judged since the last listing were not compared with it, so the full listing is needed even if it is
  // unchanged.
  const isNews = isFirst || judged.some(({ isConfirmed }) => !isConfirmed);
  const previous = isNews ? undefined : await polls.validator(key);
  const listed = await deps.charts.listVersions(repository, { ...about, previous, known });
  if (listed.kind === "failed") return listed;
  await noteRecovery(key, deps);
  if (listed.kind === "same") return undefined;
  for (const { chart, because } of listed.unsupported ?? [])
    deps.log.warn({ ...key, chart, because }, "an entry of the index is left out");
  const found = new Map<string, readonly ListedVersion[]>();
  const versions = noting(listed.versions, new Set(judged.map(({ chart }) => chart)), found);
  const { added, isSettled } = await announceListed(versions, { repository, isFirst, deps });
  await compareJudged(judged, found, deps);
  await polls.add(key, added);
  if (isSettled) await polls.setValidator(key, listed.validator);
  return undefined;
}

/** Passes everything through and keeps some charts. */
function* noting(
  listed: Iterable<readonly [string, readonly ListedVersion[]]>,
  charts: ReadonlySet<string>,
  found: Map<string, readonly ListedVersion[]>,
): Generator<readonly [string, readonly ListedVersion[]]> {
  for (const [chart, versions] of listed) {
    if (charts.has(chart)) found.set(chart, versions);
    yield [chart, versions];
  }
}

async function noteTrouble(
  key: PollKey,
  { problem }: ChartTrouble,
  { store, clock, log }: PollDeps,
): Promise<void> {
  await store.polls.fail(key, problem, clock());
  log.warn({ ...key, problem }, "poll failed");
}

async function noteRecovery(key: PollKey, { store, log }: PollDeps): Promise<void> {
  if (await store.polls.recover(key)) log.info(key, "poll works again");
}
