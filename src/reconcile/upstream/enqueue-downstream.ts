// Enqueues downstream environments, in the same repository and in others, after a change in their upstream environment.

import type { Config, EnvironmentKey } from "../../domain/model/config/config.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { PromotionRecord } from "../../domain/model/publish.ts";
import type { Deps } from "../context.ts";
import { requestFullResync } from "../installation/discover.ts";
import { enqueueAllCheckRuns } from "../keys.ts";

/**
 * Resyncs the repositories with an environment whose `after` names this one, since it may promote what was deployed
 * here.
 */
export async function enqueueDownstream(upstream: EnvironmentKey, deps: Deps): Promise<void> {
  for (const id of await downstreamOf(upstream, deps)) await requestFullResync(id, deps);
}

/**
 * As above after a version was taken back here: downstream promotions of it are withdrawn, and checks of all pull
 * requests are judged again.
 */
export async function enqueueDownstreamOfTakenBack(upstream: EnvironmentKey, deps: Deps): Promise<void> {
  for (const repositoryId of await downstreamOf(upstream, deps)) {
    await requestFullResync(repositoryId, deps);
    await enqueueAllCheckRuns(repositoryId, deps);
  }
}

async function downstreamOf(upstream: EnvironmentKey, deps: Deps): Promise<readonly number[]> {
  const { repositories } = deps.store;
  const there = await repositories.get(upstream.repositoryId);
  if (!there) return [];
  return (await repositories.withKey("after"))
    .filter(
      ({ repository: here, index: { config } }) =>
        config && comesAfter(config, here, { there, environment: upstream.environment }),
    )
    .map(({ repository }) => repository.id);
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

const UNDECIDED = new Set<PromotionRecord["state"]>(["proposed", "unchanged", "waiting"]);

/** Declined versions concern only environments with a pull request for them that is open or waiting. */
export async function enqueueDownstreamOfDeclined(
  declined: readonly PromotionRecord[],
  upstream: EnvironmentKey,
  deps: Deps,
): Promise<void> {
  for (const { publishId } of declined) {
    const records = await deps.store.promotions.ofPublish(publishId);
    const isOpenElsewhere = records.some(
      ({ state, pullRequest, repositoryId, environment }) =>
        UNDECIDED.has(state) &&
        pullRequest !== undefined &&
        (repositoryId !== upstream.repositoryId || environment !== upstream.environment),
    );
    if (isOpenElsewhere) return enqueueDownstreamOfTakenBack(upstream, deps);
  }
}
