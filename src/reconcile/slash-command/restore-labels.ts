// Reverts changes of the guarded labels (hold, emergency) that were made without write access.

import type { RepositoryEvent } from "../../domain/model/github/event.ts";
import { GUARDED_LABELS } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { ObservedPullRequest } from "../../domain/model/github/snapshot.ts";
import { enqueueCheckRun } from "../check-run/enqueue-check-runs.ts";
import { touchedBy } from "../check-run/gather-check.ts";
import { environmentsOf } from "../check-run/reconcile-check-run.ts";
import type { Deps } from "../context.ts";
import { changeIndex } from "../repository/index/change-index.ts";
import type { PendingWork } from "../repository/index/pending-work.ts";
import { putLabelBack } from "../repository/put-label-back.ts";
import { LAG_MS, LOOKBACK_MS } from "../repository/stale-read.ts";
import { lastStrangersChange } from "../repository/strangers-label.ts";
import type { CommentContext } from "./command-context.ts";

type Read = Pick<ObservedPullRequest, "number" | "guardedLabels">;
type Place = Omit<CommentContext, "resyncAt">;

interface GuardedLabel {
  readonly number: number;
  readonly label: string;
  /** Earlier changes were checked already. */
  readonly since?: Date;
}

/**
 * Checks the last change of each guarded label that a webhook reported; on a resync also those that GitHub shows and
 * whose webhook may be lost. `labelled`: pull requests as they were read.
 */
export async function restoreLabels(
  { repository: { id }, deliveries, resync }: Pick<PendingWork, "repository" | "deliveries" | "resync">,
  { labelled }: { readonly labelled: readonly Read[] },
  deps: Deps,
): Promise<void> {
  const delivered = deliveries.flatMap(({ event }) => changeIn(event));
  const read = resync ? labelled.filter(mayBeChanged) : [];
  const known = delivered.length + read.length > 0 ? await deps.store.repositories.withIndex(id) : undefined;
  const { repository, index } = known ?? {};
  if (!repository || !index?.config || repository.archived) return;
  const { config, dependents } = index;
  const place = { repository, config, index, dependents, deps };
  const now = deps.clock();
  const since = labelsSince(index, now);
  const unseen = read.flatMap((one) => changedSince(since, one));
  const changed = new Map([...unseen, ...delivered].map((one) => [`${one.number} ${one.label}`, one]));
  for (const one of changed.values()) await restore(one, place);
  if (unseen.length > 0) {
    const labelsSeenUntil = new Date(now.getTime() - LAG_MS).toISOString();
    await changeIndex(repository, { labelsSeenUntil }, deps);
  }
}

function changeIn(event: RepositoryEvent): readonly GuardedLabel[] {
  if (event.kind !== "pull-request-changed") return [];
  const { action, number, label = "", person } = event;
  if (action !== "labeled" && action !== "unlabeled") return [];
  if (person === undefined || !GUARDED_LABELS.includes(label)) return [];
  return [{ number, label }];
}

function mayBeChanged({ guardedLabels: { last, completeSince } }: Read): boolean {
  return last.size > 0 || completeSince !== undefined;
}

/** Changes before this instant are not checked again: the person may have lost write access since. */
function labelsSince({ labelsSeenUntil: seen }: RepositoryIndex, now: Date): Date {
  return seen === undefined ? new Date(now.getTime() - LOOKBACK_MS) : new Date(seen);
}

/** The guarded labels of a pull request that a person may have changed since. */
function changedSince(since: Date, { number, guardedLabels }: Read): readonly GuardedLabel[] {
  const { last, completeSince } = guardedLabels;
  const isCut = completeSince !== undefined && completeSince >= since;
  const isChanged = (label: string) => {
    const event = last.get(label);
    return event ? event.person !== undefined && event.at >= since : isCut;
  };
  return GUARDED_LABELS.filter(isChanged).map((label) => ({ number, label, since }));
}

async function restore({ number, label, since }: GuardedLabel, place: Place): Promise<void> {
  const { repository, config, deps } = place;
  const change = await lastStrangersChange({ number, label }, place);
  if (!change || (since && change.at < since)) return;
  const head = await deps.github.in(repository).readHead({ number, environments: environmentsOf(place) });
  if (!head || touchedBy(head, config).length === 0) return;
  if (await putLabelBack(change, place)) await enqueueCheckRun(repository.id, number, deps);
}
