// A chart's change from one archive to another in a checkout's umbrella chart, as its pull request would make it.

import { join } from "node:path";
import { repositoryUrls } from "../../domain/model/chart/repository-urls.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { textsOf } from "../../domain/model/github/texts-of.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Publish } from "../../domain/model/publish.ts";
import { type Bumped, type Files, type Umbrella, valuesKey } from "../../domain/model/umbrella.ts";
import { ruleFor } from "../../domain/plan/chart-rule.ts";
import { valuesToSet } from "../../domain/plan/placeholders.ts";
import { bump } from "../../domain/umbrella/bump.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";
import type { ChartToJudge } from "../../reconcile/ports/chart-review.ts";
import { filesToRead } from "../../reconcile/repository/read-plan.ts";
import { readBlobs, repositoriesIn, templatesIn, vendoredIn } from "./environment-folder.ts";
import { type LocalChart, readLocalChart } from "./local-chart.ts";

export interface LocalChange {
  readonly environment: Environment;
  readonly umbrella: Umbrella;
  readonly repositories: readonly ChartRepository[];
  readonly before: Files;
  readonly after: Files;
  readonly chart: ChartToJudge;
  /** The umbrella's other dependencies whose archives are in `charts/`. */
  readonly others: readonly ChartToJudge[];
  readonly notes: readonly string[];
  /** Why the umbrella chart itself cannot be edited: then `after` equals `before`. */
  readonly problems: readonly Problem[];
}

export interface ChangeToRead {
  readonly folder: string;
  readonly environment: Environment;
  readonly old: LocalChart;
  readonly next: LocalChart;
  readonly helm: string;
}

export async function readLocalChange(change: ChangeToRead): Promise<Result<LocalChange>> {
  const { folder, environment, old, next, helm } = change;
  const chart = next.metadata.name;
  if (old.metadata.name !== chart) return fail(anotherChart(old.metadata.name, chart));
  const manifests = textsOf(await readBlobs(folder, filesToRead(environment, [])));
  const repositories = repositoriesIn(manifests, undefined);
  const umbrella = readUmbrella(manifests, repositoryUrls(repositories));
  if (!umbrella.ok) return umbrella;
  const entries = umbrella.value.dependencies.filter(({ name }) => name === chart);
  if (entries.length === 0) return fail(noDependency(folder, chart));
  const keys = umbrella.value.dependencies.map(valuesKey);
  const others = await otherCharts(umbrella.value, { chart, folder, helm });
  const isWhole = others.length === new Set(keys).size - entries.length;
  const paths = [...filesToRead(environment, keys), ...(isWhole ? await templatesIn(folder) : [])];
  const before = textsOf(await readBlobs(folder, paths));
  const bumped = bumpedTo(next, before, { environment, umbrella: umbrella.value, repositories });
  return ok({
    ...{ environment, umbrella: umbrella.value, repositories, before, others },
    after: bumped.ok ? applied(before, bumped.value) : before,
    chart: {
      ...{ chart, keys: entries.map(valuesKey) },
      ...{ from: old.metadata.version, to: next.metadata.version },
      before: { kind: "packed", bytes: old.packed },
      after: { kind: "packed", bytes: next.packed },
    },
    notes: bumped.ok ? bumped.value.notes : [],
    problems: bumped.ok ? [] : bumped.problems,
  });
}

type Here = Pick<LocalChange, "environment" | "umbrella" | "repositories">;

/** With the values that the environment's config sets along with a version. */
function bumpedTo(
  { metadata }: LocalChart,
  files: Files,
  { environment, umbrella, repositories }: Here,
): Result<Bumped> {
  const rule = ruleFor(environment, metadata.name);
  const values = rule ? valuesToSet(rule, publishOf(metadata)) : ok([]);
  if (!values.ok) return values;
  const indexes = umbrella.dependencies.flatMap(({ name }, index) => (name === metadata.name ? [index] : []));
  return bump(files, {
    moves: indexes
      .filter((index) => umbrella.dependencies[index]?.version !== metadata.version)
      .map((index) => ({ index, version: metadata.version })),
    values: indexes.flatMap((index) => {
      const entry = umbrella.dependencies[index];
      return entry ? values.value.map((value) => ({ chart: valuesKey(entry), ...value })) : [];
    }),
    repositories: repositoryUrls(repositories),
    valuesFiles: environment.valuesFiles,
    vendored: [],
    umbrellaVersion: environment.umbrellaVersion,
    staleLock: "refuse",
    at: new Date(),
  });
}

function publishOf({ name, version, appVersion }: LocalChart["metadata"]): Publish {
  return {
    ...{ id: "local", chart: name, version, repository: "", values: {}, source: {}, publisher: "local" },
    ...{ at: new Date(), state: "verified" },
    ...(appVersion !== undefined && { appVersion }),
  };
}

function applied(before: Files, { edits }: Bumped): Files {
  const after = new Map(before);
  for (const { path, after: text } of edits) {
    if (text === null) after.delete(path);
    else after.set(path, text);
  }
  return after;
}

interface Beside {
  readonly chart: string;
  readonly folder: string;
  readonly helm: string;
}

/** One for each dependency whose archive or folder exists. */
async function otherCharts(
  { dependencies }: Umbrella,
  { chart, folder, helm }: Beside,
): Promise<readonly ChartToJudge[]> {
  const vendored = await vendoredIn(folder);
  const names = [...new Set(dependencies.map(({ name }) => name))].filter((name) => name !== chart);
  const found: ChartToJudge[] = [];
  for (const name of names) {
    const path = vendored.find((file) => file === `charts/${name}` || isArchiveOf(name, file));
    const local = path === undefined ? undefined : await readLocalChart(join(folder, path), helm);
    if (!local?.ok) continue;
    const packed = { kind: "packed", bytes: local.value.packed } as const;
    const { version } = local.value.metadata;
    found.push({ chart: name, keys: [], from: version, to: version, before: packed, after: packed });
  }
  return found;
}

function isArchiveOf(name: string, file: string): boolean {
  const rest = file.startsWith(`charts/${name}-`) ? file.slice(`charts/${name}-`.length) : "";
  return /^v?\d.*\.tgz$/.test(rest);
}

function anotherChart(old: string, next: string): Problem {
  return {
    code: "malformed",
    message: `OLD is the chart ${old}, and NEW the chart ${next}.`,
    help: "Name two versions of one chart.",
  };
}

function noDependency(folder: string, chart: string): Problem {
  return {
    code: "manifest-invalid",
    message: `The umbrella chart in ${folder} has no dependency ${chart}.`,
    help: "Name the folder of an umbrella chart that depends on it with --environment.",
    place: { file: join(folder, "Chart.yaml") },
  };
}
