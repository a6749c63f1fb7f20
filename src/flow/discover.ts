// Which repositories the App may see: kept current by webhooks, and made anew at start, on a schedule and on `sync`.

import type { ConfigRepository } from "../model/repository.ts";
import type { Again, World } from "./world.ts";

/** Lists every installation and looks at each: repositories added, removed, renamed, archived while we were away. */
export async function discoverAll(world: World): Promise<Again> {
  const { store, github } = world;
  const installations = await github.installations();
  const known = await store.repositories.all();
  const gone = new Set(known.map(({ installationId }) => installationId));
  for (const id of installations) gone.delete(id);
  for (const id of [...installations, ...gone]) await store.queue.mark(`installation:${id}`);
  return undefined;
}

/** Puts the store's list of one installation's repositories right, and has each of them looked at in full. */
export async function discover(installationId: number, world: World): Promise<Again> {
  const { store, github, log } = world;
  const covered = (await github.installed(installationId)) ?? [];
  const ids = new Set(covered.map(({ id }) => id));
  for (const repository of await store.repositories.ofInstallation(installationId)) {
    if (ids.has(repository.id)) continue;
    await tellUncovered(repository, world);
    await store.repositories.remove(repository.id);
    log.info({ repository: repository.id }, "repository no longer covered by the App");
  }
  for (const repository of covered) {
    await store.repositories.put(repository);
    await lookAtAll(repository.id, world);
  }
  return undefined;
}

/** What waits for the repository waits in vain; once the App sees it again, it is planned for as if it were new. */
async function tellUncovered({ id, owner, name }: ConfigRepository, { store }: World): Promise<void> {
  const because = `the App cannot see ${owner}/${name}: install it there again`;
  const index = await store.repositories.index(id);
  const records = await store.promotions.ofRepository(id);
  const open = records.filter(({ state }) => state === "proposed" || state === "refused");
  const told = new Map(open.map((record) => [`${record.publishId} ${record.environment}`, record]));
  for (const publishId of await store.publishes.routesOf(id)) {
    const publish = await store.publishes.get(publishId);
    for (const { environment, chart, chartRepository } of index?.dependents ?? []) {
      if (chart !== publish?.chart || chartRepository !== publish.repository) continue;
      told.set(`${publishId} ${environment}`, {
        publishId,
        repositoryId: id,
        environment,
        chart,
        state: "refused",
        because,
      });
    }
  }
  await store.promotions.record(
    [...told.values()].map((record) => ({ ...record, state: "refused", because })),
  );
}

/** Has one repository looked at in full, whatever else is on its agenda. */
export async function lookAtAll(repositoryId: number, { store, clock }: World): Promise<void> {
  const receivedAt = clock();
  const id = `sweep-${repositoryId}-${receivedAt.toISOString()}`;
  await store.deliveries.keep({ id, repositoryId, event: { kind: "repository-changed" }, receivedAt });
  await store.queue.mark(`repository:${repositoryId}`);
}
