// The scope of a reconcile: which charts of which environments are planned, for the reasons at hand.

import type { Config, Environment } from "../../domain/model/config/config.ts";
import type { Delivery } from "../../domain/model/github/event.ts";
import type { Dependent } from "../../domain/model/github/repository.ts";
import type { PromotionRecord, Publish } from "../../domain/model/publish.ts";
import { branchOf, isPromotionBranch } from "../../domain/plan/promotion-branch.ts";

export interface ScopeReasons {
  /** Verified publishes that were not planned for here yet. */
  readonly publishes: readonly Publish[];
  readonly deliveries: readonly Delivery[];
  /** Promotion records of the repository. */
  readonly records: readonly PromotionRecord[];
  readonly dependents: readonly Dependent[];
  /** Dependencies whose version on the base differs from the one that their record is about. */
  readonly moved?: readonly Dependent[];
}

/** Charts to plan for, by environment; an environment without an entry is not read. */
export type Scope = ReadonlyMap<string, ReadonlySet<string>>;

export function scopeOf(config: Config, reasons: ScopeReasons): Scope {
  if (reasons.deliveries.some((delivery) => isUnasked(delivery, config, reasons.dependents)))
    return fullResync(config, reasons.dependents);
  const scope = new Map<string, Set<string>>();
  const byEnvironment = Map.groupBy(reasons.dependents, ({ environment }) => environment);
  for (const environment of config.environments) {
    const charts = chartsIn(environment, byEnvironment.get(environment.name) ?? [], reasons);
    if (charts) scope.set(environment.name, charts);
  }
  return scope;
}

/** Every chart of every environment: after the config changed, and on a resync. */
export function fullResync(config: Config, dependents: readonly Dependent[]): Scope {
  const byEnvironment = Map.groupBy(dependents, ({ environment }) => environment);
  return new Map(
    config.environments.map(({ name }) => [
      name,
      new Set(byEnvironment.get(name)?.map(({ chart }) => chart)),
    ]),
  );
}

/**
 * People closed or opened a pull request of the App whose branch the config does not ask for any more: publishes that
 * waited for it may be in any environment, and a reopened one has to be withdrawn again. Only the App's own pull
 * requests count, as anybody may name a fork's branch like that.
 */
export function isUnasked(
  { event }: Delivery,
  { environments }: Config,
  dependents: readonly Dependent[],
): boolean {
  if (event.kind !== "pull-request-changed" || event.byApp || !event.ofApp) return false;
  if (!isPromotionBranch(event.headBranch)) return false;
  return !environments.some((environment) =>
    dependents.some(
      (one) => one.environment === environment.name && branchOf(environment, one.chart) === event.headBranch,
    ),
  );
}

/** `here`: dependents of the environment. */
function chartsIn(
  environment: Environment,
  here: readonly Dependent[],
  { publishes, deliveries, records, moved = [] }: ScopeReasons,
): Set<string> | undefined {
  const published = here.filter(({ chart, chartRepository }) =>
    publishes.some((publish) => publish.chart === chart && publish.repository === chartRepository),
  );
  const pushes = deliveries.filter(
    ({ event }) => event.kind === "branch-pushed" && event.branch === environment.branch,
  );
  const pushed = pushes.length > 0;
  const open = pushed ? unsettledCharts(environment, records, here) : [];
  // A forced push is no merge, and may have removed merges from the branch: plan every chart.
  const forced = pushes.some(({ event }) => event.kind === "branch-pushed" && event.forced);
  const touched = here.filter(({ chart }) => touches(deliveries, branchOf(environment, chart)));
  const movedHere = moved.filter((dependent) => dependent.environment === environment.name);
  const concerned = [...(forced ? here : []), ...published, ...touched, ...movedHere];
  const charts = new Set(concerned.map(({ chart }) => chart).concat(open));
  if (environment.pullRequests === "environment" && charts.size > 0) {
    return new Set(here.map(({ chart }) => chart));
  }
  return charts.size > 0 || pushed ? charts : undefined;
}

const UNSETTLED = new Set<PromotionRecord["state"]>(["proposed", "refused", "waiting"]);

/** Charts with an open, refused or waiting promotion here: a push to the base may have changed it. */
function unsettledCharts(
  environment: Environment,
  records: readonly PromotionRecord[],
  here: readonly Dependent[],
): readonly string[] {
  const unsettled = records.filter(
    ({ environment: name, state }) => name === environment.name && UNSETTLED.has(state),
  );
  return here
    .filter(({ chart }) => unsettled.some((record) => record.chart === chart))
    .map(({ chart }) => chart);
}

/** Pushes to promotion branches are only on record when people made them, or deleted the branch. */
function touches(deliveries: readonly Delivery[], branch: string): boolean {
  return deliveries.some(
    ({ event }) =>
      (event.kind === "pull-request-changed" && !event.byApp && event.headBranch === branch) ||
      (event.kind === "branch-pushed" && event.branch === branch) ||
      // A merge into the environment's branch is a push as well; a merge into another branch closes the promotion here.
      (event.kind === "pull-request-merged" && event.headBranch === branch),
  );
}
