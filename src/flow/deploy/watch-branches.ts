// What reached the environments' branches: merges that were told of, merges that nobody told of, and pushes.

import type { Config } from "../../model/config.ts";
import type { Agenda, Waiting } from "../look/agenda.ts";
import type { World } from "../world.ts";
import { auditPushes } from "./audit-pushes.ts";
import { heedLabels, wakeHeld } from "./deploy-held.ts";
import { deployMerge, type MergeOutcome, mergesIn } from "./deploy-merge.ts";
import { deployMissed } from "./deploy-missed.ts";
import { deployedSince } from "./direct-pushes.ts";
import { keepMissedPushes } from "./missed-pushes.ts";

/** The merges that the agenda tells of: a deployment waits for nothing else. Without a config that is read, none. */
export async function deployTold(
  { repository, deliveries }: Agenda,
  config: Config | undefined,
  world: World,
): Promise<readonly MergeOutcome[]> {
  const outcomes: MergeOutcome[] = [];
  for (const merge of config ? mergesIn(deliveries) : []) {
    if (config) outcomes.push(await deployMerge(merge, { repository, config, world }));
  }
  return outcomes;
}

export interface Watching {
  /** What came of the merges by the config as it was before. */
  readonly told: readonly MergeOutcome[];
  readonly sweep: boolean;
  /** Where branches stand, as far as the look read it. */
  readonly heads: ReadonlyMap<string, string>;
}

/** After the look: by the config as it is now. */
export async function watchBranches(
  agenda: Agenda,
  { told, sweep, heads }: Watching,
  world: World,
): Promise<Waiting> {
  const { id } = agenda.repository;
  const repository = await world.store.repositories.get(id);
  const index = await world.store.repositories.index(id);
  const config = index?.config;
  if (!repository || !config || repository.archived) return { again: [], waiting: new Set() };
  const isNew = index.configOid !== agenda.index?.configOid;
  const merged = isNew ? await deployTold(agenda, config, world) : told;
  const context = { repository, config, world };
  const missed = sweep ? await deployMissed(index, context) : [];
  const outcomes = [...merged, ...missed];
  await deployedSince(outcomes, context);
  await wakeHeld(context);
  await keepMissedPushes(agenda.deliveries, sweep ? heads : new Map(), context);
  const labels = await heedLabels(agenda.deliveries, context);
  const pushes = await auditPushes(agenda.deliveries, outcomes, context);
  const mergesWait = merged.some(({ again }) => again);
  const waiting = agenda.deliveries.filter(
    (delivery) =>
      pushes.waiting.has(delivery.id) ||
      labels.waiting.has(delivery.id) ||
      (mergesWait && delivery.event.kind === "pull-request-merged"),
  );
  return {
    again: [...outcomes.flatMap(({ again }) => again ?? []), ...labels.again, ...pushes.again],
    waiting: new Set(waiting.map((delivery) => delivery.id)),
  };
}
