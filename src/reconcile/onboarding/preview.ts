// Which promotions a config would open at once, by what is known now. Opens nothing.

import { chartRepositoriesFor, resolveRepository } from "../../domain/model/chart/chart-repository.ts";
import type { Config, Environment } from "../../domain/model/config/config.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Publish } from "../../domain/model/publish.ts";
import type { Umbrella } from "../../domain/model/umbrella.ts";
import type {
  Outlook,
  PreviewedDependency,
  PreviewedEnvironment,
} from "../../domain/onboarding/describe-offer.ts";
import type { EnvironmentPlan } from "../../domain/plan/plan-environment.ts";
import { installedVersion } from "../../domain/umbrella/installed-version.ts";
import type { Deps } from "../context.ts";
import { umbrellaOf } from "../repository/umbrella-of.ts";
import { loadUpstream } from "../upstream/upstream.ts";

/** How many of each chart's newest publishes are considered. */
const CONSIDERED = 100;

export interface PreviewContext {
  readonly repository: ConfigRepository;
  readonly observed: ObservedState;
  readonly deps: Deps;
}

export async function previewOf(
  { environments }: Config,
  context: PreviewContext,
): Promise<readonly PreviewedEnvironment[]> {
  const previewed: PreviewedEnvironment[] = [];
  for (const environment of environments) {
    const dependencies = await previewEnvironment(environment, context);
    previewed.push({ environment, dependencies });
  }
  return previewed;
}

async function previewEnvironment(
  environment: Environment,
  { repository, observed, deps }: PreviewContext,
): Promise<readonly PreviewedDependency[]> {
  const snapshot = observed.snapshots.get(environment.name);
  if (!snapshot) return [];
  const chartRepositories = chartRepositoriesFor(deps.settings.chartRepositories, repository);
  const read = await umbrellaOf(snapshot, repository, deps);
  if (!read.ok) return [];
  const { dependencies } = read.value;
  const keys = dependencies.flatMap(({ name, repository: written }) => {
    const known = resolveRepository(chartRepositories, written);
    return known ? [{ chart: name, repository: known.name }] : [];
  });
  const publishes = await deps.store.publishes.verifiedOf(keys, CONSIDERED);
  const planned = await deps.decisions.decide(repository.owner, "planEnvironment", {
    ...{ environment, snapshot, publishes, chartRepositories },
    charts: new Set(dependencies.map(({ name }) => name)),
    upstream: await loadUpstream(environment, { repository, observed }, deps),
    now: deps.clock(),
  });
  const outlookOf = (written: string, chart: string): Outlook => {
    const known = resolveRepository(chartRepositories, written);
    if (!known) return { kind: "elsewhere", repository: written };
    const key = { chart, repository: known.name };
    if (!planned.ok) return { ...key, kind: "nothing", because: planned.problems[0]?.message ?? "" };
    return { repository: known.name, ...outlookIn(planned.value, key, publishes) };
  };
  return rowsOf(read.value, outlookOf);
}

function rowsOf(
  umbrella: Umbrella,
  outlookOf: (repository: string, chart: string) => Outlook,
): readonly PreviewedDependency[] {
  return umbrella.dependencies.map(({ name, alias, repository }, index) => {
    const installed = installedVersion(umbrella, index);
    return {
      chart: name,
      ...(alias !== undefined && { alias }),
      ...(installed !== undefined && { installed }),
      outlook: outlookOf(repository, name),
    };
  });
}

function outlookIn(
  { plans, verdicts }: EnvironmentPlan,
  { chart, repository }: { readonly chart: string; readonly repository: string },
  publishes: readonly Publish[],
):
  | { readonly kind: "proposed"; readonly version: string }
  | { readonly kind: "nothing"; readonly because: string } {
  for (const plan of plans) {
    const move = plan.kind === "change" ? plan.moves.find((one) => one.chart === chart) : undefined;
    if (move?.publish.repository === repository) return { kind: "proposed", version: move.to };
  }
  const own = new Set(
    publishes.filter((one) => one.chart === chart && one.repository === repository).map(({ id }) => id),
  );
  const ownVerdicts = verdicts.filter(({ publishId }) => own.has(publishId));
  const telling = ownVerdicts.find(({ state }) => state !== "superseded") ?? ownVerdicts[0];
  return { kind: "nothing", because: telling?.because ?? "no version of it has been announced" };
}
