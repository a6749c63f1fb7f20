// Enqueues check runs. Each pull request has its own queue key, so that a pending check is requeued without reconciling
// anything else.

import type { RepositoryEvent } from "../../domain/model/github/event.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { Deps } from "../context.ts";
import { type CheckTarget, enqueue } from "../keys.ts";
import type { JudgedPullRequest } from "../ports/store/checks.ts";
import type { PendingWork } from "../repository/index/pending-work.ts";

/** Webhook actions of `pull_request` after which a head may have to be judged anew. */
const JUDGED = new Set(["opened", "reopened", "synchronize", "edited", "labeled", "unlabeled"]);
/**
 * The same for changes by the App itself: its label changes come from commands that enqueue the check themselves, and
 * its edits of title and body are not judged.
 */
const JUDGED_BY_APP = new Set(["opened", "reopened", "synchronize"]);

/**
 * Enqueues every pull request whose judgement these deliveries may have changed. No request to GitHub. `counts`:
 * whether any pull request is open, as far as that was read.
 */
export async function enqueueCheckRuns(
  { repository: { id }, index, deliveries }: Pick<PendingWork, "repository" | "index" | "deliveries">,
  { counts }: Pick<ObservedState, "counts">,
  { store }: Deps,
): Promise<void> {
  const isNoneOpen = counts?.openPullRequests === 0;
  const all = deliveries.flatMap(({ event }) => targetsOf(event));
  // A config that was read for the first time enqueues all open pull requests elsewhere.
  const isEveryOne = !index && (await store.repositories.index(id))?.config !== undefined;
  const targets = all.filter(({ kind }) => kind !== "open" || !(isNoneOpen || isEveryOne));
  if (isNoneOpen && targets.length < all.length) await store.judgedCharts.keepOnly(id, []);
  for (const number of deliveries.flatMap(({ event }) => closedBy(event)))
    await forgetPullRequest({ repositoryId: id, number }, store);
  const pushed = deliveries.some(({ event }) => event.kind === "branch-pushed");
  const records = pushed ? await store.promotions.ofRepository(id) : [];
  const proposed = records.flatMap(({ state, pullRequest }) =>
    state === "proposed" && pullRequest ? [whenChanged(pullRequest.number)] : [],
  );
  for (const target of [...targets, ...proposed])
    await enqueue(store.queue, { kind: "check-run", repositoryId: id, target });
}

function targetsOf(event: RepositoryEvent): readonly CheckTarget[] {
  switch (event.kind) {
    case "pull-request-changed": {
      const judged = event.byApp ? JUDGED_BY_APP : JUDGED;
      return judged.has(event.action) ? [whenChanged(event.number)] : [];
    }
    case "check-requested":
      return event.numbers.length > 0
        ? event.numbers.map((number) => ({ kind: "pull-request", number, write: "always" }))
        : [{ kind: "head", headSha: event.headSha }];
    case "merge-group-requested":
      return [{ kind: "merge-group", headSha: event.headSha, ref: event.headRef }];
    case "repository-changed":
    case "resync":
      return [{ kind: "open", which: "not-passed" }];
    case "branch-pushed":
      // A forced push may remove commits from the base that open pull requests contain: merging one would bring them
      // back.
      return event.forced ? [{ kind: "open", which: "not-passed" }] : [];
    case "commented":
    case "comments-awaited":
    case "dashboard-edited":
    case "pull-request-merged":
    case "push-unexplained":
      return [];
  }
}

/** The number of the pull request that this event closed, if any. */
function closedBy(event: RepositoryEvent): readonly number[] {
  const isClosed =
    event.kind === "pull-request-merged" ||
    (event.kind === "pull-request-changed" && event.action === "closed");
  return isClosed ? [event.number] : [];
}

function whenChanged(number: number): CheckTarget {
  return { kind: "pull-request", number, write: "when-changed" };
}

export async function enqueueCheckRun(id: number, number: number, { store }: Deps): Promise<void> {
  await enqueue(store.queue, { kind: "check-run", repositoryId: id, target: whenChanged(number) });
}

/** Forgets a closed pull request. */
export async function forgetPullRequest(
  pullRequest: JudgedPullRequest,
  { judgedCharts, checks }: Pick<Deps["store"], "judgedCharts" | "checks">,
): Promise<void> {
  await judgedCharts.put(pullRequest, []);
  await checks.put(pullRequest, undefined);
}
