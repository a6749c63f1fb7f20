// What happened in one environment concerns those that come after it, in the same repository and in others.

import type { EnvironmentKey } from "../../deploy/ports.ts";
import type { Config } from "../../model/config.ts";
import type { PromotionRecord } from "../../model/publish.ts";
import type { ConfigRepository } from "../../model/repository.ts";
import { lookAtAll } from "../installation/discover.ts";
import type { World } from "../world.ts";

/** Environments with `after` naming this one look again: they may now take what was deployed, or must give back. */
export async function wakeDownstream(upstream: EnvironmentKey, world: World): Promise<void> {
  const { repositories } = world.store;
  const there = await repositories.get(upstream.repositoryId);
  if (!there) return;
  for (const here of await repositories.all()) {
    const index = await repositories.index(here.id);
    if (index?.config && comesAfter(index.config, here, { there, environment: upstream.environment }))
      await lookAtAll(here.id, world);
  }
}

function comesAfter(
  { environments }: Config,
  here: ConfigRepository,
  { there, environment }: { readonly there: ConfigRepository; readonly environment: string },
): boolean {
  return environments.some(({ after }) => {
    if (after?.environment !== environment) return false;
    const { owner, name } = after.repository ?? here;
    return `${owner}/${name}`.toLowerCase() === `${there.owner}/${there.name}`.toLowerCase();
  });
}

/** Declined versions concern those environments only where they have a pull request, proposed still or waiting since. */
export async function wakeForDeclined(
  declined: readonly PromotionRecord[],
  upstream: EnvironmentKey,
  world: World,
): Promise<void> {
  for (const { publishId } of declined) {
    const records = await world.store.promotions.ofPublish(publishId);
    const isOpenElsewhere = records.some(
      ({ state, pullRequest, repositoryId, environment }) =>
        (state === "proposed" || state === "unchanged") &&
        pullRequest !== undefined &&
        (repositoryId !== upstream.repositoryId || environment !== upstream.environment),
    );
    if (isOpenElsewhere) return wakeDownstream(upstream, world);
  }
}
