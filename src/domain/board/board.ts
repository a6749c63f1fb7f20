// The dashboard's table: for each environment and chart the deployed version, and the open promotions.

import type { DeploymentHold } from "../deployment/hold.ts";
import { isLower } from "../deployment/version-status.ts";
import type { Deployment } from "../model/deployment.ts";
import type { DriftWatch } from "../model/drift.ts";
import type { Dependent } from "../model/github/repository.ts";

export interface Board {
  readonly repositories: readonly BoardRepository[];
  /** When it was read. */
  readonly at: Date;
}

export interface BoardRepository {
  readonly id: number;
  /** `owner/name`. */
  readonly name: string;
  /** Why its config file cannot be used; absent when it can. */
  readonly broken?: string;
  /** By name. */
  readonly charts: readonly BoardChart[];
  /** In the order of the config file. */
  readonly environments: readonly BoardEnvironment[];
}

export interface BoardChart {
  readonly name: string;
  /** The version published last; absent when none is known. */
  readonly newest?: string;
}

export interface BoardEnvironment {
  readonly name: string;
  readonly hold?: DeploymentHold;
  /** The last drift report; absent when drift is not watched. */
  readonly drift?: NonNullable<DriftWatch["latest"]>;
  /** The deployment that was begun last. */
  readonly last?: Deployment;
  /** By the chart's name; without an entry when the environment does not have the chart. */
  readonly cells: ReadonlyMap<string, BoardCell>;
}

export interface BoardCell {
  /** The version of the lock or the manifest; absent when neither gives it. */
  readonly present?: string;
  /** Whether the version published last is higher. */
  readonly isBehind: boolean;
  readonly open?: BoardPromotion;
}

export interface BoardPromotion {
  readonly publishId: string;
  readonly version: string;
  readonly pullRequest: number;
  readonly since?: Date;
  /** The newest check; absent before the first. */
  readonly check?: BoardCheck;
}

export interface BoardCheck {
  readonly conclusion: "success" | "failure" | "neutral" | "pending";
  /** One line. */
  readonly title: string;
  readonly isHeld: boolean;
}

interface BoardFacts {
  readonly dependents: readonly Dependent[];
  /** Key: `chartRepository/chart`. */
  readonly newest: ReadonlyMap<string, string>;
  /** Key: `environment/chart`. */
  readonly open: ReadonlyMap<string, BoardPromotion>;
}

export function chartsOf({ dependents, newest }: BoardFacts): readonly BoardChart[] {
  const byName = new Map(dependents.map((dependent) => [dependent.chart, dependent]));
  return [...byName.values()]
    .toSorted((one, other) => (one.chart < other.chart ? -1 : 1))
    .map(({ chart, chartRepository }) => {
      const version = newest.get(`${chartRepository}/${chart}`);
      return { name: chart, ...(version !== undefined && { newest: version }) };
    });
}

/** Of several entries of one chart, the one with the lowest version. */
export function cellsOf(environment: string, facts: BoardFacts): ReadonlyMap<string, BoardCell> {
  const cells = new Map<string, BoardCell>();
  for (const { chart, chartRepository, version } of facts.dependents.filter(
    (dependent) => dependent.environment === environment,
  )) {
    const newest = facts.newest.get(`${chartRepository}/${chart}`);
    const open = facts.open.get(`${environment}/${chart}`);
    const other = cells.get(chart)?.present;
    if (other !== undefined && (version === undefined || isLower(other, version))) continue;
    cells.set(chart, {
      ...(version !== undefined && { present: version }),
      isBehind: version !== undefined && newest !== undefined && isLower(version, newest),
      ...(open && { open }),
    });
  }
  return cells;
}
