// Drift metrics, as of each environment's last drift reconcile.

import type { Deps } from "../context.ts";

export interface DriftMeasure {
  /** `owner/name`. */
  readonly repository: string;
  readonly environment: string;
  readonly resources: number;
  /** Seconds since the last report; without any report, since the watch began. */
  readonly reportAgeSeconds: number;
}

export interface HealMeasure extends Pick<DriftMeasure, "repository" | "environment"> {
  readonly heals: number;
}

export async function measureDrift({ store, clock }: Pick<Deps, "store" | "clock">): Promise<{
  readonly watched: readonly DriftMeasure[];
  readonly healed: readonly HealMeasure[];
}> {
  const names = new Map(
    (await store.repositories.all()).map(({ id, owner, name }) => [id, `${owner}/${name}`]),
  );
  const now = clock().getTime();
  const watched = (await store.drift.watches()).map(({ repositoryId, environment, watch }) => ({
    ...{ repository: names.get(repositoryId) ?? "", environment },
    resources: watch.latest?.resources ?? 0,
    reportAgeSeconds: (now - (watch.latest?.reportedAt ?? watch.since).getTime()) / 1000,
  }));
  const healed = (await store.deployments.heals()).map(({ repositoryId, environment, count }) => ({
    ...{ repository: names.get(repositoryId) ?? "", environment },
    heals: count,
  }));
  return { watched, healed };
}
