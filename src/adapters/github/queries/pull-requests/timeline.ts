// What was said under a pull request, who closed it, and who changed its guarded labels: one connection for all, since a query
// costs by these.

import { GUARDED_LABELS, type LabelEvent } from "../../../../domain/model/github/guarded-labels.ts";
import type { GuardedLabelChanges, ObservedPullRequest } from "../../../../domain/model/github/snapshot.ts";
import { isByApp, type RawActor } from "./by-app.ts";

/** Of a `PullRequest`; to be read with `readTimeline`. */
export const TIMELINE = `timelineItems(itemTypes: [ISSUE_COMMENT, CLOSED_EVENT, LABELED_EVENT, UNLABELED_EVENT], last: 25) {
    pageInfo { hasPreviousPage }
    nodes {
      __typename
      ... on IssueComment { id body createdAt author { login __typename } }
      ... on ClosedEvent { createdAt actor { login __typename } }
      ... on LabeledEvent { createdAt label { name } actor { login __typename } }
      ... on UnlabeledEvent { createdAt label { name } actor { login __typename } }
    }
  }`;

/** Oldest first. */
export interface RawTimeline {
  readonly pageInfo: { readonly hasPreviousPage: boolean };
  readonly nodes: readonly (RawComment | RawClosing | RawLabelling)[];
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
interface RawLabelling {
  readonly __typename: "LabeledEvent" | "UnlabeledEvent";
  readonly createdAt: string;
  readonly label: { readonly name: string };
  readonly actor: RawActor | null;
}

export function readTimeline(
  { nodes, pageInfo }: RawTimeline,
  slug: string,
): Pick<ObservedPullRequest, "comments" | "closedByApp" | "guardedLabels"> {
  const closing = nodes.findLast((one) => one.__typename === "ClosedEvent");
  const comments = nodes.filter((one) => one.__typename === "IssueComment");
  const [oldest] = nodes;
  return {
    comments: comments.map(({ id, author, body }) => ({ id, ours: isByApp(author, slug), body })),
    closedByApp: isByApp(closing?.actor ?? null, slug),
    guardedLabels: {
      last: lastOfEach(nodes),
      ...(pageInfo.hasPreviousPage && oldest && { completeSince: new Date(oldest.createdAt) }),
    },
  };
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
