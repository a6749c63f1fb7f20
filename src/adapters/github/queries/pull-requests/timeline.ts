// Comments of a pull request, who closed it, and changes of its guarded labels: in one connection, since connections
// determine a query's cost.

import { GUARDED_LABELS, type LabelEvent } from "../../../../domain/model/github/guarded-labels.ts";
import type { GuardedLabelChanges, ObservedPullRequest } from "../../../../domain/model/github/snapshot.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { isByApp, type RawActor } from "./by-app.ts";

/** Items read with the rest of the state. */
const NEWEST = 25;
/** Items and pages read to find out who closed it: there may be many comments since. */
const OLDER = 100;
const MOST_PAGES = 20;
/** The App comments right before it closes: the comment is among this many items before the closing. */
const BEFORE_CLOSING = 5;
/** Time between both events of one branch deletion; GitHub's timestamps have a resolution of seconds. */
const WITH_BASE_MS = 5_000;

/** Fields of a `PullRequest`; to be read with `readTimeline`. */
export const TIMELINE = timelineField(`last: ${NEWEST}`);

function timelineField(page: string): string {
  return `timelineItems(itemTypes: [ISSUE_COMMENT, CLOSED_EVENT, BASE_REF_DELETED_EVENT, BASE_REF_FORCE_PUSHED_EVENT, LABELED_EVENT, UNLABELED_EVENT], ${page}) {
    pageInfo { hasPreviousPage startCursor }
    nodes {
      __typename
      ... on IssueComment { id body createdAt author { login __typename } }
      ... on ClosedEvent { createdAt actor { login __typename } }
      ... on BaseRefDeletedEvent { createdAt }
      ... on BaseRefForcePushedEvent { createdAt }
      ... on LabeledEvent { createdAt label { name } actor { login __typename } }
      ... on UnlabeledEvent { createdAt label { name } actor { login __typename } }
    }
  }`;
}

/** Oldest first. */
export interface RawTimeline {
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
  readonly nodes: readonly (RawComment | RawClosing | RawBaseMove | RawLabelling)[];
}
interface RawComment {
  readonly __typename: "IssueComment";
  readonly id: string;
  readonly body: string;
  readonly createdAt: string;
  readonly author: RawActor | null;
}
interface RawClosing {
  readonly __typename: "ClosedEvent";
  readonly createdAt: string;
  readonly actor: RawActor | null;
}
interface RawBaseMove {
  readonly __typename: "BaseRefDeletedEvent" | "BaseRefForcePushedEvent";
  readonly createdAt: string;
}
interface RawLabelling {
  readonly __typename: "LabeledEvent" | "UnlabeledEvent";
  readonly createdAt: string;
  readonly label: { readonly name: string };
  readonly actor: RawActor | null;
}

interface Closed {
  readonly id: string;
  readonly timelineItems: RawTimeline;
}

/**
 * Completes a closed pull request of the App until its timeline shows who closed it, and if that was the App, why. No
 * request when it does already; otherwise one for each hundred older items, up to two thousand.
 */
export async function withClosing<Pull extends Closed>(
  { client, app }: Pick<RepositoryAccess, "client" | "app">,
  pull: Pull,
): Promise<Pull> {
  const slug = await app.slug();
  let { nodes, pageInfo } = pull.timelineItems;
  for (let page = 0; page < MOST_PAGES; page++) {
    if (!pageInfo.hasPreviousPage || pageInfo.startCursor === null || tellsOfClosing(nodes, slug)) break;
    const { node } = await client.query<{ readonly node: Pick<Closed, "timelineItems"> | null }>(
      "reading who closed a pull request",
      `query Closing($id: ID!, $before: String!) {
  node(id: $id) { ... on PullRequest { ${timelineField(`last: ${OLDER}, before: $before`)} } }
}`,
      { id: pull.id, before: pageInfo.startCursor },
    );
    if (!node) break;
    nodes = [...node.timelineItems.nodes, ...nodes];
    ({ pageInfo } = node.timelineItems);
  }
  return { ...pull, timelineItems: { nodes, pageInfo } };
}

function tellsOfClosing(nodes: RawTimeline["nodes"], slug: string): boolean {
  const at = nodes.findLastIndex(({ __typename }) => __typename === "ClosedEvent");
  const closing = nodes[at];
  if (closing?.__typename !== "ClosedEvent") return false;
  return at >= BEFORE_CLOSING || !isByApp(closing.actor, slug);
}

export function readTimeline(
  { nodes, pageInfo }: RawTimeline,
  slug: string,
): Pick<ObservedPullRequest, "comments" | "closedByApp" | "closedWithBase" | "guardedLabels"> {
  const closing = nodes.findLast((one) => one.__typename === "ClosedEvent");
  const comments = nodes.filter((one) => one.__typename === "IssueComment");
  const [oldest] = nodes;
  return {
    comments: comments.map(({ id, author, body }) => ({ id, byApp: isByApp(author, slug), body })),
    closedByApp: isByApp(closing?.actor ?? null, slug),
    closedWithBase: closing !== undefined && nodes.some((one) => isOfBase(one, closing)),
    guardedLabels: {
      last: lastOfEach(nodes),
      ...(pageInfo.hasPreviousPage && oldest && { completeSince: new Date(oldest.createdAt) }),
    },
  };
}

/** When a base branch is deleted, GitHub closes its pull requests in the name of the person who deleted it. */
function isOfBase(item: RawTimeline["nodes"][number], closing: RawClosing): boolean {
  if (item.__typename !== "BaseRefDeletedEvent") return false;
  return Math.abs(Date.parse(item.createdAt) - Date.parse(closing.createdAt)) <= WITH_BASE_MS;
}

function lastOfEach(nodes: RawTimeline["nodes"]): GuardedLabelChanges["last"] {
  const last = new Map<string, LabelEvent>();
  for (const one of nodes) {
    if (one.__typename !== "LabeledEvent" && one.__typename !== "UnlabeledEvent") continue;
    const { label, actor, createdAt } = one;
    if (!GUARDED_LABELS.includes(label.name)) continue;
    const action = one.__typename === "LabeledEvent" ? "labeled" : "unlabeled";
    const person = actor?.__typename === "Bot" ? {} : { person: actor?.login ?? "" };
    last.set(label.name, { action, at: new Date(createdAt), ...person });
  }
  return last;
}
