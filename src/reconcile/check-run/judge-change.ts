// Renders an environment as the pull request leaves it, and judges the result exactly as the text of a promotion does.

import type { EnvironmentFacts } from "../../domain/check/facts.ts";
import type { ReadChange } from "../../domain/check/read-change.ts";
import { resolveRepository } from "../../domain/model/chart/chart-repository.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import type { EnvironmentTexts } from "../../domain/model/github/checked-pull-request.ts";
import { lowest } from "../../domain/umbrella/installed-version.ts";
import { fetchVersion } from "../chart/fetch-version.ts";
import type { Deps } from "../context.ts";
import type { ChartToJudge, Packed } from "../ports/chart-review.ts";
import { foldersToRender, valuesTexts } from "../promotion/text/folders-to-render.ts";
import type { InspectedEntry } from "./inspect-chart.ts";

export interface JudgedEnvironment {
  /** Chart repositories that the config repository may use. */
  readonly chartRepositories: readonly ChartRepository[];
  readonly environment: Environment;
  readonly texts: EnvironmentTexts;
  readonly read: ReadChange;
  readonly deps: Deps;
}

/** Empty when the pull request concerns no dependency there. */
export async function judgeChange(
  inspected: readonly InspectedEntry[],
  judged: JudgedEnvironment,
): Promise<Pick<EnvironmentFacts, "judgement" | "comparesLater">> {
  if (inspected.length === 0) return {};
  const { environment, texts, read, deps } = judged;
  const byChart = Map.groupBy(inspected, ({ facts: { entry } }) => entry.dependency.name);
  const charts: ChartToJudge[] = [];
  for (const [chart, entries] of byChart) charts.push(await chartToJudge(chart, entries, judged));
  const { merged: after, umbrellas } = read;
  const keys = charts.flatMap((chart) => chart.keys);
  const judgement = await deps.inspection.judge({
    cluster: environment.cluster,
    umbrella: umbrellas.merged.ok ? umbrellas.merged.value.name : "",
    charts,
    valuesFiles: valuesTexts(environment, keys, after),
    toRender: foldersToRender({
      ...{ charts, environment },
      before: { texts: texts.base, umbrella: umbrellas.base },
      after: { texts: after, umbrella: umbrellas.merged },
    }),
  });
  return { judgement, ...(charts.some(({ before }) => isPassing(before)) && { comparesLater: true }) };
}

/** A missing version whose chart repository is unhealthy may be there later. */
function isPassing(version: Packed): boolean {
  return version.kind === "missing" && version.problem?.code === "chart-repository-unreachable";
}

/** All entries of one chart. */
async function chartToJudge(
  chart: string,
  entries: readonly InspectedEntry[],
  judged: JudgedEnvironment,
): Promise<ChartToJudge> {
  const [first] = entries;
  const from = lowest(entries.map(({ facts: { entry } }) => entry.from))?.original ?? "";
  return {
    chart,
    keys: entries.map(({ facts: { entry } }) => entry.key).sort(),
    from,
    to: first?.facts.entry.to ?? "",
    before: first ? await versionBefore(first, from, judged) : NEW,
    after: first?.after ?? NEW,
  };
}

const NEW: Packed = { kind: "missing", because: "its version is not known" };

async function versionBefore(
  { facts: { entry }, after }: InspectedEntry,
  from: string,
  { chartRepositories, deps }: JudgedEnvironment,
): Promise<Packed> {
  if (from === "") return NEW;
  if (from === entry.to && entry.repositoryBefore === undefined) return after;
  const text = entry.repositoryBefore ?? entry.dependency.repository;
  const repository = resolveRepository(chartRepositories, text);
  if (!repository) return { kind: "missing", because: `its repository "${text}" is none of server.yaml's` };
  const { archive } = await fetchVersion(repository, { chart: entry.dependency.name, version: from }, deps);
  return archive;
}
