// The pull request's text for a plan on a checkout: with both versions if they are available, else with what the
// checkout has.

import { chartAccess } from "../../adapters/charts/chart-access.ts";
import { findHelm } from "../../adapters/helm/find-helm.ts";
import { packedHelm } from "../../adapters/helm/packed-helm.ts";
import { repositoryUrls } from "../../domain/model/chart/repository-urls.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { Snapshot } from "../../domain/model/github/snapshot.ts";
import { textsOf } from "../../domain/model/github/texts-of.ts";
import { ok, type Result } from "../../domain/model/problem.ts";
import type { Change, Move } from "../../domain/model/promotion.ts";
import { valuesKey } from "../../domain/model/umbrella.ts";
import { currentVersion, lowest } from "../../domain/umbrella/installed-version.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import type { ChartToReview, Packed } from "../../reconcile/ports/chart-review.ts";
import { foldersToRender, valuesTexts } from "../../reconcile/promotion/text/folders-to-render.ts";
import { releasedBetween } from "../../reconcile/promotion/text/released-between.ts";
import { readLocalChart } from "../checkout/local-chart.ts";
import { patientReviewer } from "../checkout/patient-reviewer.ts";

/** The source of both versions of a chart. */
export interface ChartSource {
  readonly helm: string | undefined;
  readonly archive: (
    move: Move,
    which: "before" | "after",
    repository: ChartRepository | undefined,
  ) => Promise<Packed>;
  readonly between: (
    move: Move,
    repository: ChartRepository | undefined,
  ) => Promise<ChartToReview["between"]>;
}

export interface SourceOptions {
  readonly serverConfig?: string;
  readonly old?: string;
  readonly new?: string;
}

/** Archives given as options take precedence over the chart repository. */
export async function chartSource(options: SourceOptions): Promise<Result<ChartSource>> {
  const helm = (await findHelm(process.env["PATH"] ?? "")) ?? (await packedHelm());
  const local: Partial<Record<"before" | "after", Packed>> = {};
  for (const [which, path] of [
    ["before", options.old],
    ["after", options.new],
  ] as const) {
    if (path === undefined) continue;
    const chart = await readLocalChart(path, helm ?? "helm");
    if (!chart.ok) return chart;
    local[which] = { kind: "packed", bytes: chart.value.packed };
  }
  const charts = options.serverConfig === undefined ? undefined : chartAccess();
  return ok({
    helm,
    archive: async ({ chart, from, to }, which, repository) => {
      const known = local[which];
      if (known) return known;
      if (!charts || !repository) return UNASKED;
      const fetched = await charts.fetchArchive(repository, {
        chart,
        version: which === "before" ? from : to,
      });
      return fetched.ok
        ? { kind: "packed", bytes: fetched.value.packed }
        : { kind: "missing", because: fetched.problems[0]?.message ?? "it could not be read" };
    },
    between: async (move, repository) => {
      const released = charts && repository ? await charts.released(repository, move) : undefined;
      return released ? releasedBetween(move, released.versions) : [];
    },
  });
}

const UNASKED: Packed = { kind: "missing", because: "a dry run asks no chart repository" };

export interface PlannedIn {
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  readonly repositories: readonly ChartRepository[];
  /** The checkout's other environments with the chart. */
  readonly beside: readonly Pick<PlannedIn, "environment" | "snapshot">[];
}

export async function planText(
  change: Change,
  { environment, snapshot, repositories, beside }: PlannedIn,
  source: ChartSource,
): Promise<string> {
  const urls = repositoryUrls(repositories);
  const before = textsOf(snapshot.files);
  const after = new Map(before);
  for (const { path, after: text } of change.edits) {
    if (text === null) after.delete(path);
    else after.set(path, text);
  }
  const umbrella = readUmbrella(before, urls);
  const [first, ...rest] = change.moves;
  const others = beside.filter((one) => one.environment.name !== environment.name);
  const toReview = async (move: Move) => ({
    ...(await chartToReview(move, repositories, { source, keys: keysIn(umbrella, move) })),
    elsewhere: others.flatMap((other) => standing(move.chart, other, urls)),
  });
  const charts: [ChartToReview, ...ChartToReview[]] = [await toReview(first)];
  for (const move of rest) charts.push(await toReview(move));
  const { body } = await patientReviewer(source.helm).review({
    facts: {
      ...{ environment: environment.name, cluster: environment.cluster, notes: change.notes, charts },
      umbrella: umbrella.ok ? umbrella.value.name : "",
      valuesFiles: valuesTexts(
        environment,
        charts.flatMap(({ keys }) => keys),
        after,
      ),
      policy: { satisfied: [], pending: [] },
      githubWeb: "https://github.com",
    },
    toRender: foldersToRender({
      ...{ charts, environment },
      before: { texts: before, umbrella },
      after: { texts: after, umbrella: readUmbrella(after, urls) },
    }),
  });
  return body;
}

/** The version of a chart in an environment. */
function standing(
  chart: string,
  { environment, snapshot }: Pick<PlannedIn, "environment" | "snapshot">,
  urls: ReadonlyMap<string, string>,
): ChartToReview["elsewhere"] {
  const umbrella = readUmbrella(textsOf(snapshot.files), urls);
  if (!umbrella.ok) return [];
  const versions = umbrella.value.dependencies.flatMap(({ name }, index) =>
    name === chart ? [currentVersion(umbrella.value, index)] : [],
  );
  const version = lowest(versions);
  return version ? [{ environment: environment.name, version: version.original }] : [];
}

function keysIn(umbrella: ReturnType<typeof readUmbrella>, { chart }: Move): readonly string[] {
  const entries = umbrella.ok ? umbrella.value.dependencies : [];
  return entries.filter(({ name }) => name === chart).map(valuesKey);
}

async function chartToReview(
  move: Move,
  repositories: readonly ChartRepository[],
  { source, keys }: { readonly source: ChartSource; readonly keys: readonly string[] },
): Promise<ChartToReview> {
  const { chart, from, to, publish } = move;
  const repository = repositories.find(({ name }) => name === publish.repository);
  return {
    ...{ chart, keys, from, to, repositoryUrl: repository?.url ?? publish.repository },
    ...{ signature: { kind: "unasked" }, superseded: [], elsewhere: [] },
    between: await source.between(move, repository),
    before: await source.archive(move, "before", repository),
    after: await source.archive(move, "after", repository),
  };
}
