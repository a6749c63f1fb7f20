// Reads what the dashboard shows, from the database alone: no request to GitHub.

import {
  type Board,
  type BoardCheck,
  type BoardEnvironment,
  type BoardPromotion,
  type BoardRepository,
  cellsOf,
  chartsOf,
} from "../../domain/board/board.ts";
import { holdAt } from "../../domain/deployment/hold.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { Deployment } from "../../domain/model/deployment.ts";
import type { DriftWatch } from "../../domain/model/drift.ts";
import { type ConfigRepository, nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";
import { pause } from "../pause.ts";
import type { BoardRecords, ProposedVersion } from "../ports/store/board-records.ts";

type BoardDeps = Pick<Deps, "store" | "clock">;

interface Everywhere {
  readonly open: ReadonlyMap<number, readonly ProposedVersion[]>;
  /** Key: `repositoryId/environment`. */
  readonly deployments: ReadonlyMap<string, Deployment>;
  readonly drift: ReadonlyMap<string, DriftWatch>;
  readonly newest: ReadonlyMap<string, string>;
  /** Key: `repositoryId/number`. */
  readonly checks: ReadonlyMap<string, BoardCheck>;
}

export async function readBoard(deps: BoardDeps): Promise<Board> {
  const { store, clock } = deps;
  const everywhere = await readEverywhere(deps);
  const repositories: BoardRepository[] = [];
  for (const repository of await store.repositories.all()) {
    const one = await readRepository(repository, everywhere, deps);
    if (one) repositories.push(one);
    await pause();
  }
  return { repositories: repositories.toSorted((a, b) => (a.name < b.name ? -1 : 1)), at: clock() };
}

/** One config repository; `undefined` when it has no config file. */
export async function readOneRepository(
  repository: ConfigRepository,
  deps: BoardDeps,
): Promise<BoardRepository | undefined> {
  const { store } = deps;
  const index = await store.repositories.index(repository.id);
  const charts = (index?.dependents ?? []).map((one) => ({
    chart: one.chart,
    repository: one.chartRepository,
  }));
  const newest = () => (charts.length === 0 ? Promise.resolve([]) : store.publishes.verifiedOf(charts, 1));
  return readRepository(repository, await read(deps, newest, repository.id), deps);
}

function readEverywhere(deps: BoardDeps): Promise<Everywhere> {
  return read(deps, () => deps.store.board.newestPublishes());
}

async function read(
  { store: { board, drift, checks } }: BoardDeps,
  newestPublishes: BoardRecords["newestPublishes"],
  repositoryId?: number,
): Promise<Everywhere> {
  const [open, deployments, newest, watches, newestChecks] = await Promise.all([
    board.openPromotions(repositoryId),
    board.newestDeployments(repositoryId),
    newestPublishes(),
    drift.watches(),
    checks.all(repositoryId),
  ]);
  return {
    open: Map.groupBy(open, ({ repositoryId }) => repositoryId),
    deployments: new Map(deployments.map((one) => [`${one.repositoryId}/${one.environment}`, one])),
    drift: new Map(watches.map(({ watch, ...key }) => [`${key.repositoryId}/${key.environment}`, watch])),
    checks: new Map(newestChecks.map((one) => [`${one.repositoryId}/${one.number}`, one])),
    newest: new Map(newest.map(({ repository, chart, version }) => [`${repository}/${chart}`, version])),
  };
}

/** `undefined` when there is no config file. */
async function readRepository(
  repository: ConfigRepository,
  everywhere: Everywhere,
  { store, clock }: BoardDeps,
): Promise<BoardRepository | undefined> {
  const index = await store.repositories.index(repository.id);
  if (!index || repository.archived) return undefined;
  const { config, dependents, problems } = index;
  const about = { id: repository.id, name: nameWithOwner(repository) };
  const [problem] = problems;
  if (!config)
    return (
      problem && { ...about, broken: `${problem.message} ${problem.help}`, charts: [], environments: [] }
    );
  const here = everywhere.open.get(repository.id) ?? [];
  const open = new Map(
    here.map((one): [string, BoardPromotion] => {
      const check = everywhere.checks.get(`${repository.id}/${one.pullRequest}`);
      return [`${one.environment}/${one.chart}`, { ...one, ...(check && { check }) }];
    }),
  );
  const facts = { dependents, open, newest: everywhere.newest };
  const byEnvironment = Map.groupBy(dependents, ({ environment }) => environment);
  const environments = config.environments.map((environment): BoardEnvironment => {
    const state = stateOf(environment, { id: repository.id, now: clock(), everywhere });
    return {
      name: environment.name,
      ...state,
      cells: cellsOf(environment.name, { ...facts, dependents: byEnvironment.get(environment.name) ?? [] }),
    };
  });
  return { ...about, charts: chartsOf(facts), environments };
}

function stateOf(
  environment: Environment,
  { id, now, everywhere }: { readonly id: number; readonly now: Date; readonly everywhere: Everywhere },
): Pick<BoardEnvironment, "hold" | "drift" | "last"> {
  const key = `${id}/${environment.name}`;
  const hold = holdAt(environment, now);
  const drift = environment.drift && everywhere.drift.get(key)?.latest;
  const last = everywhere.deployments.get(key);
  return { ...(hold && { hold }), ...(drift && { drift }), ...(last && { last }) };
}
