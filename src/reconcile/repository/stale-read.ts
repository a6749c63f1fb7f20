// Detects stale reads: GitHub may answer from a read replica that lags behind its own webhooks. An answer that shows
// the state before a webhook is discarded and read again.

import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import type { Delivery, RepositoryEvent } from "../../domain/model/github/event.ts";
import { type ConfigRepository, nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";

/** Maximum assumed lag; after it, webhooks in the wrong order are the more likely cause. */
export const LAG_MS = 30_000;
/** How far back a first search goes; GitHub keeps deliveries for as long. */
export const LOOKBACK_MS = 3 * 24 * 60 * 60_000;
/** Retry interval after a stale read. */
export const AGAIN_MS = 2_000;

/** The facts of an answer that webhooks also report. */
export interface Observed {
  /** Head commit by branch. */
  readonly heads: ReadonlyMap<string, string>;
  readonly pulls: readonly ObservedPull[];
}

interface ObservedPull {
  readonly number: number;
  /** `missing`: it was queried and does not exist. */
  readonly state: "open" | "closed" | "merged" | "missing";
  readonly headSha: string;
  readonly labels: readonly string[];
}

/** The facts that reading one pull request shows. */
export function observedIn(number: number, head: CheckedPullRequest | undefined): Observed {
  if (!head) return { heads: new Map(), pulls: [{ number, state: "missing", headSha: "", labels: [] }] };
  const heads = new Map<string, string>();
  if (head.baseSha !== undefined) heads.set(head.baseBranch, head.baseSha);
  if (!head.isFork) heads.set(head.headBranch, head.headSha);
  return { heads, pulls: [head] };
}

/** Requeue time while GitHub's read replica may still lag behind this webhook; undefined once it cannot. */
export function requeueWhileStale(
  { receivedAt }: Delivery,
  { clock }: Pick<Deps, "clock">,
): Date | undefined {
  const now = clock().getTime();
  return now - receivedAt.getTime() < LAG_MS ? new Date(now + AGAIN_MS) : undefined;
}

/** Requeue time if the answer is staler than the repository's latest webhooks. */
export async function requeueIfStale(
  repository: ConfigRepository,
  shown: Observed,
  { store, clock, log }: Pick<Deps, "store" | "clock" | "log">,
): Promise<Date | undefined> {
  const now = clock().getTime();
  const recent = await store.deliveries.since(repository.id, new Date(now - LAG_MS));
  const past = findStaleFact(shown, recent);
  if (!past) return undefined;
  log.info({ repository: nameWithOwner(repository), ...past }, "GitHub's answer is behind its webhooks");
  return new Date(now + AGAIN_MS);
}

/** A fact that a webhook changed, with its value before and after. */
interface StaleFact {
  readonly subject: string;
  readonly was: string;
  readonly is: string;
  /** Its value in an answer; `undefined` when the answer does not contain it. */
  readonly shown: (answer: Observed) => string | undefined;
}

/**
 * The first change, in the order of the deliveries, whose old value the answer still shows; changes that a later one
 * reverted are skipped.
 */
export function findStaleFact(answer: Observed, recent: readonly Delivery[]): StaleFact | undefined {
  const changes = recent.flatMap(({ event }) => changesIn(event));
  return changes.find(({ subject, was, shown }, at) => {
    const undone = changes.slice(at + 1).some((later) => later.subject === subject && later.is === was);
    return !undone && shown(answer) === was;
  });
}

function changesIn(event: RepositoryEvent): readonly StaleFact[] {
  switch (event.kind) {
    case "branch-pushed": {
      const { branch, before, after } = event;
      const shown = ({ heads }: Observed) => heads.get(branch);
      return [{ subject: `branch ${branch}`, was: before, is: after, shown }];
    }
    case "pull-request-merged":
      return [{ ...state(event.number), was: "open", is: "merged" }];
    case "pull-request-changed":
      return changesOf(event);
    case "check-requested":
    case "commented":
    case "comments-awaited":
    case "dashboard-edited":
    case "merge-group-requested":
    case "push-unexplained":
    case "repository-changed":
    case "resync":
      return [];
  }
}

function changesOf({
  number,
  action,
  before = "",
  headSha,
  label = "",
}: Extract<RepositoryEvent, { kind: "pull-request-changed" }>): readonly StaleFact[] {
  const labelled = ofPull(number, `label ${label}`, ({ labels }) => (labels.includes(label) ? "on" : "off"));
  switch (action) {
    case "opened":
      return [{ ...state(number), was: "missing", is: "open" }];
    case "closed":
      return [{ ...state(number), was: "open", is: "closed" }];
    case "reopened":
      return [{ ...state(number), was: "closed", is: "open" }];
    case "synchronize":
      return [{ ...ofPull(number, "head", (pull) => pull.headSha), was: before, is: headSha }];
    case "labeled":
      return [{ ...labelled, was: "off", is: "on" }];
    case "unlabeled":
      return [{ ...labelled, was: "on", is: "off" }];
    default:
      return [];
  }
}

function state(number: number): Pick<StaleFact, "subject" | "shown"> {
  return ofPull(number, "state", (pull) => pull.state);
}

function ofPull(
  number: number,
  aspect: string,
  read: (pull: ObservedPull) => string,
): Pick<StaleFact, "subject" | "shown"> {
  return {
    subject: `${aspect} of #${number}`,
    shown: ({ pulls }) => {
      const pull = pulls.find((one) => one.number === number);
      return pull && read(pull);
    },
  };
}
