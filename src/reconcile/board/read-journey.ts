// The history of one publish, and of one chart in a config repository.

import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { HistoryEvent } from "../../domain/model/history.ts";
import type { PromotionRecord, Publish } from "../../domain/model/publish.ts";
import type { Deps } from "../context.ts";

/** How many of the newest history events of a config repository are searched. */
const LOOKED_THROUGH = 2_000;

export interface JourneyStep {
  readonly event: HistoryEvent;
  /** `owner/name`; absent when the step concerns no config repository. */
  readonly repository?: string;
}

export interface Journey {
  readonly publish: Publish;
  /** Oldest first. */
  readonly steps: readonly JourneyStep[];
  readonly promotions: readonly (PromotionRecord & { readonly repository: string })[];
}

export async function readJourney(id: string, { store }: Pick<Deps, "store">): Promise<Journey | undefined> {
  const publish = await store.publishes.get(id);
  if (!publish) return undefined;
  const records = await store.promotions.ofPublish(id);
  const names = new Map<number, string>();
  const steps: JourneyStep[] = [];
  for (const repositoryId of new Set(records.map((record) => record.repositoryId))) {
    const repository = await store.repositories.get(repositoryId);
    names.set(repositoryId, repository ? nameWithOwner(repository) : String(repositoryId));
    const there = await store.board.recent(repositoryId, LOOKED_THROUGH);
    for (const event of there.filter((one) => brings(one, publish)))
      steps.push({ event, repository: names.get(repositoryId) ?? "" });
  }
  for (const event of await store.history.ofPublish(id)) {
    const repository = names.get(event.repositoryId ?? 0);
    steps.push({ event, ...(repository !== undefined && { repository }) });
  }
  const promotions = records.map((one) => ({ ...one, repository: names.get(one.repositoryId) ?? "" }));
  return { publish, steps: steps.toSorted(inTime), promotions };
}

/** The history events of a chart in a config repository, newest first. */
export async function readChart(
  repositoryId: number,
  chart: string,
  { store }: Pick<Deps, "store">,
): Promise<readonly HistoryEvent[]> {
  const there = await store.board.recent(repositoryId, LOOKED_THROUGH);
  return there.filter(
    ({ facts }) => facts.chart === chart || facts.moves?.some((move) => move.chart === chart),
  );
}

/** Whether the event is a merge or deployment of exactly this version. */
function brings({ facts }: HistoryEvent, { chart, version }: Publish): boolean {
  return facts.moves?.some((move) => move.chart === chart && move.to === version) === true;
}

function inTime(one: JourneyStep, other: JourneyStep): number {
  return one.event.at.getTime() - other.event.at.getTime();
}
