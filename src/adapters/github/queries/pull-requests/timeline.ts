// What was said under a pull request, and who closed it: one connection for both, since a query costs by these.

import type { ObservedPullRequest } from "../../../../domain/model/github/snapshot.ts";
import { isByApp, type RawActor } from "./by-app.ts";

/** Of a `PullRequest`; to be read with `readTimeline`. */
export const TIMELINE = `timelineItems(itemTypes: [ISSUE_COMMENT, CLOSED_EVENT], last: 25) {
    nodes {
      __typename
      ... on IssueComment { id body author { login __typename } }
      ... on ClosedEvent { actor { login __typename } }
    }
  }`;

/** Oldest first. */
export interface RawTimeline {
  readonly nodes: readonly (RawComment | RawClosing)[];
}
interface RawComment {
  readonly __typename: "IssueComment";
  readonly id: string;
  readonly body: string;
  readonly author: RawActor | null;
}
interface RawClosing {
  readonly __typename: "ClosedEvent";
  readonly actor: RawActor | null;
}

export function readTimeline(
  { nodes }: RawTimeline,
  slug: string,
): Pick<ObservedPullRequest, "comments" | "closedByApp"> {
  const closing = nodes.findLast((one) => one.__typename === "ClosedEvent");
  const comments = nodes.filter((one) => one.__typename === "IssueComment");
  return {
    comments: comments.map(({ id, author, body }) => ({ id, ours: isByApp(author, slug), body })),
    closedByApp: isByApp(closing?.actor ?? null, slug),
  };
}
