// How much of a repository has to be reconciled: which charts of which environments, for the reasons at hand.

import type { Config, Environment } from "../../domain/model/config/config.ts";
import type { Delivery } from "../../domain/model/github/event.ts";
import type { Dependent } from "../../domain/model/github/repository.ts";
import type { PromotionRecord, Publish } from "../../domain/model/publish.ts";
import { branchOf, isPromotionBranch } from "../../domain/plan/promotion-branch.ts";

export interface ScopeReasons {
  /** Verified publishes that have not been reconciled here. */
  readonly publishes: readonly Publish[];
  readonly deliveries: readonly Delivery[];
  /** What became of publishes here so far. */
  readonly records: readonly PromotionRecord[];
  readonly dependents: readonly Dependent[];
  /** Those whose version on the base is another one than what is on record was said of. */
  readonly moved?: readonly Dependent[];
}

/** Names of dependencies to plan for, by environment; an environment without an entry is not read. */
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
 * A promotion of the App's that people closed or opened, from a branch that the config asks for no more: what waited for it may
 * be anywhere, and what they opened is withdrawn again. Anybody may call a branch of a fork so.
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

/** `here`: its dependents. */
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
  // No merge forces anything, and what was merged may be on the branch no more.
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

/** Charts with a pull request open here, or with something in its way, as a rollback: a push to their base may have changed either. */
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

/** Pushes to promotion branches are only on record where people made them, or deleted the branch. */
function touches(deliveries: readonly Delivery[], branch: string): boolean {
  return deliveries.some(
    ({ event }) =>
      (event.kind === "pull-request-changed" && !event.byApp && event.headBranch === branch) ||
      (event.kind === "branch-pushed" && event.branch === branch) ||
      // Onto the environment's branch it is a push as well; elsewhere it leaves nothing open here.
      (event.kind === "pull-request-merged" && event.headBranch === branch),
  );
}
