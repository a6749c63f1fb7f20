// The labels that hold a pull request or let it out are changed by people with write access only, as commands are: what
// others changed is put back.

import type { RepositoryEvent } from "../../domain/model/github/event.ts";
import { GUARDED_LABELS } from "../../domain/model/github/guarded-labels.ts";
import type { RepositoryIndex } from "../../domain/model/github/repository.ts";
import type { ObservedPullRequest } from "../../domain/model/github/snapshot.ts";
import { touchedBy } from "../check-run/gather-check.ts";
import { enqueueCheckRun, environmentsOf } from "../check-run/reconcile-check-run.ts";
import type { Deps } from "../context.ts";
import { changeIndex } from "../repository/index/change-index.ts";
import type { PendingWork } from "../repository/index/pending-work.ts";
import { type LabelChange, putLabelBack } from "../repository/put-label-back.ts";
import { LAG_MS, LOOKBACK_MS } from "../repository/stale-read.ts";
import type { CommentContext } from "./command-context.ts";

type Read = Pick<ObservedPullRequest, "number" | "guardedLabels">;
type Place = Omit<CommentContext, "resyncAt">;

/**
 * Of each label on each pull request, the change that was told of last; on a resync also the one that GitHub shows last, which no
 * webhook may have told of. `labelled`: as they were read.
 */
export async function restoreLabels(
  { repository: { id }, deliveries, resync }: Pick<PendingWork, "repository" | "deliveries" | "resync">,
  { labelled }: { readonly labelled: readonly Read[] },
  deps: Deps,
): Promise<void> {
  const told = new Map(deliveries.flatMap(({ event }) => changeIn(event)));
  const read = resync ? labelled.filter(mayBeChanged) : [];
  const known = told.size + read.length > 0 ? await deps.store.repositories.withIndex(id) : undefined;
  const { repository, index } = known ?? {};
  if (!repository || !index?.config || repository.archived) return;
  const { config, dependents } = index;
  const place = { repository, config, index, dependents, deps };
  const now = deps.clock();
  const since = labelsSince(index, now);
  const unseen = read.filter(({ guardedLabels }) => isAfter(guardedLabels, since));
  await restoreAll([...told.values(), ...(await changesOf(unseen, since, place))], place);
  if (unseen.length > 0) {
    const labelsSeenUntil = new Date(now.getTime() - LAG_MS).toISOString();
    await changeIndex(repository, { labelsSeenUntil }, deps);
  }
}

function changeIn(event: RepositoryEvent): readonly (readonly [string, LabelChange])[] {
  if (event.kind !== "pull-request-changed") return [];
  const { action, number, label = "", person } = event;
  if (action !== "labeled" && action !== "unlabeled") return [];
  if (person === undefined || !GUARDED_LABELS.includes(label)) return [];
  return [[`${number} ${label}`, { number, label, action, person }]];
}

function mayBeChanged({ guardedLabels: { last, completeSince } }: Read): boolean {
  return last.size > 0 || completeSince !== undefined;
}

/** What was looked at is not judged again: who did it may have left since. */
function labelsSince({ labelsSeenUntil: seen }: RepositoryIndex, now: Date): Date {
  return seen === undefined ? new Date(now.getTime() - LOOKBACK_MS) : new Date(seen);
}

function isAfter({ last, completeSince }: Read["guardedLabels"], since: Date): boolean {
  const ofPeople = [...last.values()].filter(({ person }) => person !== undefined);
  return ofPeople.some(({ at }) => at >= since) || (completeSince !== undefined && completeSince >= since);
}

async function changesOf(
  read: readonly Read[],
  since: Date,
  { repository, deps }: Place,
): Promise<readonly LabelChange[]> {
  const github = deps.github.in(repository);
  const changes: LabelChange[] = [];
  for (const { number, guardedLabels } of read)
    for (const label of GUARDED_LABELS) {
      const { last, completeSince } = guardedLabels;
      const isCut = completeSince !== undefined && completeSince >= since;
      const event = last.get(label) ?? (isCut ? await github.lastLabelChange(number, label) : undefined);
      if (event?.person === undefined || event.at < since) continue;
      changes.push({ number, label, action: event.action, person: event.person });
    }
  return changes;
}

async function restoreAll(changes: readonly LabelChange[], place: Place): Promise<void> {
  const github = place.deps.github.in(place.repository);
  const mayWrite = new Map<string, boolean>();
  for (const change of changes) {
    const { person } = change;
    const may = mayWrite.get(person) ?? (await github.mayWrite(person));
    mayWrite.set(person, may);
    if (!may) await restore(change, place);
  }
}

async function restore(change: LabelChange, place: Place): Promise<void> {
  const { number, label, action, person } = change;
  const { repository, config, deps } = place;
  const github = deps.github.in(repository);
  const head = await github.readHead({ number, environments: environmentsOf(place) });
  if (!head || touchedBy(head, config).length === 0) return;
  const last = await github.lastLabelChange(number, label);
  if (last && (last.person !== person || last.action !== action)) return;
  if (await putLabelBack(change, place)) await enqueueCheckRun(repository.id, number, deps);
}
