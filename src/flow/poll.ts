// Finds publishes whose announcement was lost: versions that a chart repository has and that nobody told of.

import { randomUUID } from "node:crypto";
import type { ChartRepository } from "../model/settings.ts";
import type { Again, World } from "./world.ts";

/** The first poll of a repository is the baseline: what is there already is not news. A failed poll changes nothing. */
export async function pollRepository(name: string, world: World): Promise<Again> {
  const repository = world.settings.chartRepositories.find((candidate) => candidate.name === name);
  if (repository?.pollMs === undefined) return undefined;
  await poll(repository, world);
  return { again: new Date(world.clock().getTime() + repository.pollMs) };
}

async function poll(repository: ChartRepository, world: World): Promise<void> {
  const { polls } = world.store;
  const seen = await polls.seen(repository.name);
  const previous = seen ? await polls.validator(repository.name) : undefined;
  const listed = await world.charts.listVersions(repository, previous, await watched(repository.name, world));
  if (listed.kind === "same") return;
  if (listed.kind === "failed") {
    world.log.warn({ repository: repository.name, problem: listed.problem }, "poll failed");
    return;
  }
  const fresh = new Map<string, readonly string[]>();
  for (const [chart, versions] of listed.versions) {
    const news = versions.filter(({ version }) => !seen?.get(chart)?.has(version));
    if (news.length > 0)
      fresh.set(
        chart,
        news.map(({ version }) => version),
      );
    for (const { version, digest } of seen ? news : [])
      await announce({ chart, version, digest }, repository, world);
  }
  await polls.add(repository.name, fresh);
  await polls.setValidator(repository.name, listed.validator);
}

/** The charts that any environment takes from this repository. */
async function watched(repository: string, { store }: World): Promise<readonly string[]> {
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
  { store, clock }: World,
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
