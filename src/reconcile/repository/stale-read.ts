// GitHub may answer a read from a replica that lags behind the webhooks it has sent. An answer that still shows what a webhook
// said is past is not believed, but asked for again.

import type { CheckedPullRequest } from "../../domain/model/github/checked-pull-request.ts";
import type { Delivery, RepositoryEvent } from "../../domain/model/github/event.ts";
import { type ConfigRepository, nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";

/** For how long an answer is not believed; afterwards it is the webhooks that may have come in another order. */
export const LAG_MS = 30_000;
/** How far back is looked where nothing is known of earlier looks: GitHub keeps deliveries as long. */
export const LOOKBACK_MS = 3 * 24 * 60 * 60_000;
/** After which it is asked for again. */
export const AGAIN_MS = 2_000;

/** What an answer shows of the things that webhooks report. */
export interface Observed {
  /** Commits by branch. */
  readonly heads: ReadonlyMap<string, string>;
  readonly pulls: readonly ObservedPull[];
}

interface ObservedPull {
  readonly number: number;
  /** `missing` where it was asked for and is not there. */
  readonly state: "open" | "closed" | "merged" | "missing";
  readonly headSha: string;
  readonly labels: readonly string[];
}

/** What the reading of one pull request shows. */
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

/** A fact of a webhook: as it was before, and as it is since. */
interface StaleFact {
  readonly subject: string;
  readonly was: string;
  readonly is: string;
  /** Its value in an answer; `undefined` when the answer does not show it. */
  readonly shown: (answer: Observed) => string | undefined;
}

/** The first change, in the order of the deliveries, that the answer does not show, unless a later one undid it. */
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
