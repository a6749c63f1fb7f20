// Comments without a webhook (server down, delivery lost): found on a resync, and processed like any other with their
// current text. After a requested resync, such as at a start, they are searched once more when the read replica can no
// longer lag.

import { mayHoldCommands } from "../../domain/slash-command/parse-commands.ts";
import type { Deps } from "../context.ts";
import { enqueue } from "../keys.ts";
import { changeIndex } from "../repository/index/change-index.ts";
import { type Deferred, isAwaiting, type PendingWork } from "../repository/index/pending-work.ts";
import { LAG_MS, LOOKBACK_MS } from "../repository/stale-read.ts";
import { unlessGap } from "../repository/unless-gap.ts";

/** Only for repositories with promotions. One query, and a second one after the maximum lag. */
export async function findComments(
  { repository, deliveries, resync }: PendingWork,
  { hasPromotions }: { readonly hasPromotions: boolean },
  deps: Deps,
): Promise<Deferred> {
  const now = deps.clock();
  const awaited = deliveries.filter(({ event }) => event.kind === "comments-awaited");
  const waiting = awaited.filter((delivery) => isAwaiting(delivery, now));
  const isDue = awaited.length > waiting.length;
  const resyncs = deliveries.flatMap(({ event }) => (event.kind === "resync" ? [event] : []));
  // A repeated resync: the comments were searched a second time already.
  const isRepeat = resyncs.length > 0 && resyncs.every(({ repeated }) => repeated);
  const isSearched = isDue || (resync && hasPromotions && !isRepeat);
  const found =
    isSearched &&
    (await unlessGap("comments", () => findMissedComments({ repository }, deps), { repository, deps }));
  const isRequested = hasPromotions && resyncs.length > 0 && !isRepeat;
  const ends = waiting.map(({ receivedAt }) => new Date(receivedAt.getTime() + LAG_MS));
  if (isRequested) ends.push(await awaitComments(repository.id, now, deps));
  return {
    requeueAt: ends,
    resyncAt: found ? [found.requeueAt] : [],
    stillPending: new Set(waiting.map(({ id }) => id)),
  };
}

async function awaitComments(repositoryId: number, now: Date, { store }: Deps): Promise<Date> {
  const id = `comments-${repositoryId}-${now.toISOString()}`;
  await store.deliveries.keep({ id, repositoryId, event: { kind: "comments-awaited" }, receivedAt: now });
  return new Date(now.getTime() + LAG_MS);
}

/** Comments that were handled are not processed again. */
async function findMissedComments(
  { repository: { id } }: Pick<PendingWork, "repository">,
  deps: Deps,
): Promise<void> {
  const { store, clock } = deps;
  const { repository, index } = (await store.repositories.withIndex(id)) ?? {};
  if (!repository || !index?.config || repository.archived) return;
  const now = clock();
  const seen = index.commentsSeenUntil;
  const since = seen === undefined ? new Date(now.getTime() - LOOKBACK_MS) : new Date(seen);
  const comments = await deps.github.in(repository).commentsSince(since);
  let missed = 0;
  for (const { commentId, number, onIssue, updatedAt } of comments.filter(({ body }) =>
    mayHoldCommands(body),
  )) {
    const event = {
      kind: "commented",
      missed: true,
      number,
      commentId,
      ...(onIssue && ({ onIssue: true } as const)),
    } as const;
    const key = `comment-${commentId}-${updatedAt.toISOString()}`;
    const kept = await store.deliveries.keep({ id: key, repositoryId: id, event, receivedAt: now });
    if (kept === "kept") missed += 1;
  }
  if (missed > 0) await enqueue(store.queue, { kind: "repository", id });
  const newest = Math.max(...comments.map(({ updatedAt }) => updatedAt.getTime()));
  if (newest > since.getTime())
    await changeIndex(repository, { commentsSeenUntil: new Date(newest).toISOString() }, deps);
}
