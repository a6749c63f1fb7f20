// Finds publishes whose announcement was lost: versions that a chart repository has and that nobody told of.

import { randomUUID } from "node:crypto";
import type { ChartRepository } from "../../model/settings.ts";
import type { Again, World } from "../world.ts";

/** What a poll needs of the world. */
export interface PollWorld extends Pick<World, "store" | "clock" | "log"> {
  readonly settings: Pick<World["settings"], "chartRepositories">;
  readonly charts: Pick<World["charts"], "listVersions">;
}

/** The first poll of a repository is the baseline: what is there already is not news. A failed poll changes nothing. */
export async function pollRepository(name: string, world: PollWorld): Promise<Again> {
  const repository = world.settings.chartRepositories.find((candidate) => candidate.name === name);
  if (repository?.pollMs === undefined) {
    await world.store.polls.recover(name);
    return undefined;
  }
  await poll(repository, world);
  return { again: new Date(world.clock().getTime() + repository.pollMs) };
}

async function poll(repository: ChartRepository, world: PollWorld): Promise<void> {
  const { polls } = world.store;
  const { name } = repository;
  const isFirst = (await polls.seen(name, [])) === undefined;
  const previous = isFirst ? undefined : await polls.validator(name);
  const listed = await world.charts.listVersions(repository, previous, await watched(name, world));
  if (listed.kind === "failed") {
    await polls.fail(name, listed.problem, world.clock());
    world.log.warn({ repository: name, problem: listed.problem }, "poll failed");
    return;
  }
  if (await polls.recover(name)) world.log.info({ repository: name }, "poll works again");
  if (listed.kind === "same") return;
  const added = new Map<string, readonly string[]>();
  for (const some of batches(listed.versions)) {
    for (const { chart, versions } of await unseen(name, some, world)) {
      added.set(
        chart,
        versions.map(({ version }) => version),
      );
      if (isFirst) continue;
      for (const { version, digest } of versions)
        await announce({ chart, version, digest }, repository, world);
    }
  }
  await polls.add(name, added);
  await polls.setValidator(name, listed.validator);
}

type Versions = readonly { readonly version: string; readonly digest?: string }[];
type Charts = readonly (readonly [chart: string, versions: Versions])[];

/** Charts at a time: an index may list so many versions that two copies of all of them would be felt. */
const BATCH = 25;

function* batches(charts: Iterable<Charts[number]>): Generator<Charts> {
  let batch: Charts[number][] = [];
  for (const chart of charts) {
    batch.push(chart);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** Of these charts, those with versions that no poll saw before. */
async function unseen(
  repository: string,
  charts: Charts,
  { store }: Pick<PollWorld, "store">,
): Promise<readonly { readonly chart: string; readonly versions: Versions }[]> {
  const seen = await store.polls.seen(
    repository,
    charts.map(([chart]) => chart),
  );
  return charts
    .map(([chart, versions]) => ({
      chart,
      versions: versions.filter(({ version }) => !seen?.get(chart)?.has(version)),
    }))
    .filter(({ versions }) => versions.length > 0);
}

/** The charts that any environment takes from this repository. */
async function watched(repository: string, { store }: Pick<PollWorld, "store">): Promise<readonly string[]> {
  const charts = new Set<string>();
  for (const { id } of await store.repositories.all()) {
    const index = await store.repositories.index(id);
    for (const dependent of index?.dependents ?? []) {
      if (dependent.chartRepository === repository) charts.add(dependent.chart);
    }
  }
  return [...charts].sort();
}

async function announce(
  found: { readonly chart: string; readonly version: string; readonly digest: string | undefined },
  repository: ChartRepository,
  { store, clock }: PollWorld,
): Promise<void> {
  const { digest, ...chart } = found;
  const announcement = {
    ...chart,
    ...(digest !== undefined && { digest }),
    repository: repository.name,
    values: {},
    source: {},
    publisher: `poll:${repository.name}`,
  };
  const { publish } = await store.publishes.accept(announcement, { id: randomUUID(), at: clock() });
  await store.queue.mark(`publish:${publish.id}`);
}
