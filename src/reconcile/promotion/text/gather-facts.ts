// Gathers the facts for the pull request text. Nothing here may stop a promotion: a fact that cannot be found is left
// out, or its section says why.

import { frozenUntil } from "../../../domain/deployment/freeze.ts";
import { repositoryUrls } from "../../../domain/model/chart/repository-urls.ts";
import type { ObservedState } from "../../../domain/model/github/observed-state.ts";
import { textsOf } from "../../../domain/model/github/texts-of.ts";
import type { Result } from "../../../domain/model/problem.ts";
import type { Change, Move } from "../../../domain/model/promotion.ts";
import type { Publish } from "../../../domain/model/publish.ts";
import type { Files, Umbrella } from "../../../domain/model/umbrella.ts";
import { judgeUpstream } from "../../../domain/plan/upstream.ts";
import { frozenSentence } from "../../../domain/pull-request-body/shown-freeze.ts";
import { sameRank } from "../../../domain/versions/same-rank.ts";
import { compareVersions, parseVersion } from "../../../domain/versions/version.ts";
import { fetchChart, type MovedChart } from "../../chart/fetch-chart.ts";
import { verifySignature } from "../../chart/verify-signature.ts";
import type { ChartRef } from "../../context.ts";
import type { ChartToReview, ReviewRequest } from "../../ports/chart-review.ts";
import { valuesKeysOf } from "../../repository/read-plan.ts";
import { umbrellaOf } from "../../repository/umbrella-of.ts";
import type { ObservedEnvironment } from "../observed-repository.ts";
import { foldersToRender, valuesTexts } from "./folders-to-render.ts";
import { releasedBetween } from "./released-between.ts";
import { sourceCommits } from "./source-commits.ts";
import { versionsElsewhere } from "./versions-elsewhere.ts";

export async function gatherFacts(change: Change, context: ObservedEnvironment): Promise<ReviewRequest> {
  const { deps, environment } = context;
  const [first, ...rest] = await Promise.all(change.moves.map((move) => fetchMoved(move, context)));
  if (!first) throw new Error("a change without a move");
  const charts: [ChartToReview, ...ChartToReview[]] = [await chartFacts(first, context)];
  for (const moved of rest) charts.push(await chartFacts(moved, context));
  const before = textsOf(context.snapshot.files);
  const after = applyEdits(before, change);
  const umbrella = await umbrellaOf(context.snapshot, context.about.repository, deps);
  const keys = charts.flatMap((chart) => chart.keys);
  return {
    facts: {
      environment: environment.name,
      cluster: environment.cluster,
      umbrella: umbrella.ok ? umbrella.value.name : "",
      charts,
      valuesFiles: valuesTexts(environment, keys, after),
      notes: change.notes,
      policy: { satisfied: satisfied(change, context), pending: frozen(context) },
      githubWeb: deps.settings.githubWeb,
    },
    toRender: foldersToRender({
      ...{ charts, environment },
      before: { texts: before, umbrella },
      after: { texts: after, umbrella: await readInTime(after, context) },
    }),
  };
}

function applyEdits(texts: Files, { edits }: Change): Files {
  const after = new Map(texts);
  for (const { path, after: text } of edits) {
    if (text === null) after.delete(path);
    else after.set(path, text);
  }
  return after;
}

type Fetched = Omit<MovedChart, "move">;

/**
 * Cache per observed state: environments of one repository mostly make the same move, so its charts are fetched once.
 */
const FETCHED = new WeakMap<ObservedState, Map<string, Promise<Fetched>>>();

async function fetchMoved(move: Move, { about, deps }: ObservedEnvironment): Promise<MovedChart> {
  const fetched = FETCHED.get(about.observed) ?? new Map<string, Promise<Fetched>>();
  FETCHED.set(about.observed, fetched);
  const key = JSON.stringify([move.publish.id, move.from, move.to]);
  const known = fetched.get(key) ?? fetchBoth(move, deps);
  fetched.set(key, known);
  return { move, ...(await known) };
}

async function fetchBoth(move: Move, deps: ObservedEnvironment["deps"]): Promise<Fetched> {
  const { chart, from, to, publish } = move;
  const repository = deps.settings.chartRepositories.find(({ name }) => name === publish.repository);
  const released = (repository && (await deps.charts.released(repository, move))) ?? { versions: [] };
  const listed = released.versions.find(({ metadata }) => metadata.version === from)?.digest;
  const announced = await deps.store.publishes.find({ chart, repository: publish.repository }, from);
  return {
    repository,
    released,
    before: await fetchChart(repository, named(chart, from, listed ?? verifiedDigest(announced)), deps),
    after: await fetchChart(repository, named(chart, to, publish.digest), deps),
  };
}

function verifiedDigest(publish: Publish | undefined): string | undefined {
  return publish?.state === "verified" ? publish.digest : undefined;
}

/** With the digest if it is known: the archive cache is keyed by it. */
function named(chart: string, version: string, digest: string | undefined): ChartRef {
  return { chart, version, ...(digest !== undefined && { digest }) };
}

async function chartFacts(
  moved: MovedChart,
  { about, environment, deps }: ObservedEnvironment,
): Promise<ChartToReview> {
  const { move, repository, before, after } = moved;
  const keys = valuesKeysOf(environment.name, new Set([move.chart]), about.dependents);
  const commits = await sourceCommits(move, about.repository, deps);
  return {
    chart: move.chart,
    keys,
    from: move.from,
    to: move.to,
    ...(move.apart && { apart: move.apart }),
    repositoryUrl: repository?.url ?? "",
    publish: move.publish,
    signature: await verifySignature(
      { chart: move.chart, version: move.to, repository, archive: after },
      deps,
    ),
    before,
    after,
    between: releasedBetween(moved.move, moved.released.versions),
    ...(repository?.kind !== "oci" && { sameRank: sameRank(move.to, versionsOf(moved)) }),
    ...(moved.released.incomplete !== undefined && { incomplete: moved.released.incomplete }),
    superseded: await supersededBy(move, { about, environment, deps }),
    elsewhere: await versionsElsewhere(move.chart, { about, environment, deps }),
    ...(commits && { commits }),
  };
}

/** A rollback depends on no upstream environment. */
function satisfied(
  { moves, rolledBackFrom }: Change,
  { upstream, deps }: ObservedEnvironment,
): readonly string[] {
  if (rolledBackFrom) return [];
  return moves.flatMap(({ chart, to }) => {
    const verdict = judgeUpstream(upstream, { chart, version: to }, deps.clock());
    const met = verdict.kind === "free" ? verdict.satisfied : undefined;
    if (met === undefined) return [];
    return moves.length > 1
      ? `\`${chart}\` ${to} was ${met}.`
      : `${met.charAt(0).toUpperCase()}${met.slice(1)}.`;
  });
}

/** A freeze that keeps the check pending from the start. A hold may follow later; the check run shows it. */
export function frozen({
  environment: { freeze },
  deps,
}: Pick<ObservedEnvironment, "environment" | "deps">): readonly string[] {
  if (freeze.length === 0) return [];
  const now = deps.clock();
  const until = frozenUntil(freeze, now);
  if (!until) return [];
  const reasons = freeze.filter(({ from, to }) => from <= now && now < to).map(({ reason }) => reason);
  return [frozenSentence(until, reasons)];
}

type Here = Pick<ObservedEnvironment, "about" | "environment" | "deps">;

/** Lower versions that had their own pull request in this environment. */
async function supersededBy(
  { chart, from, to }: Move,
  { about, environment, deps }: Here,
): Promise<readonly string[]> {
  const key = { repositoryId: about.repository.id, environment: environment.name };
  const records = await deps.store.promotions.ofEnvironment(key);
  const here = records.filter((record) => record.chart === chart && record.pullRequest);
  const publishes = await Promise.all(here.map(({ publishId }) => deps.store.publishes.get(publishId)));
  const [low, high] = [parseVersion(from), parseVersion(to)];
  return publishes.flatMap((publish) => {
    const version = publish && parseVersion(publish.version);
    if (!version || !high || compareVersions(version, high) >= 0) return [];
    return low && compareVersions(version, low) <= 0 ? [] : [version.original];
  });
}

function readInTime(
  files: Files,
  { about, deps }: Pick<ObservedEnvironment, "about" | "deps">,
): Promise<Result<Umbrella>> {
  const urls = repositoryUrls(deps.settings.chartRepositories);
  return deps.decisions.decide(about.repository.owner, "readUmbrella", files, urls);
}

function versionsOf({ released }: MovedChart): readonly string[] {
  return released.versions.map(({ metadata }) => metadata.version);
}
