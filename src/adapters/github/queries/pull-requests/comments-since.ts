// Comments by people on pull requests and issues, new or edited: for lost webhooks.

import type { CommentSeen } from "../../../../reconcile/ports/github/comment-github.ts";
import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import type { PageInfo } from "../next-page.ts";

const OPEN = 50;
const CLOSED = 25;
const ISSUES = 10;
const COMMENTS = 50;
/** Pages of closed pull requests. */
const MOST_PAGES = 4;

/** Comments whose texts are read in one request. */
const TEXTS = 50;

const COMMENTED = `comments(last: ${COMMENTS}) {
  nodes { id databaseId updatedAt author { __typename } editor { __typename } }
}`;

/**
 * The newest comments of each open pull request and issue, and of closed ones updated since, oldest first. One request;
 * one more for each further page of closed pull requests, and one for the texts of each fifty comments, which may be
 * long.
 */
export async function commentsSince(
  { client, repository }: RepositoryAccess,
  since: Date,
): Promise<readonly CommentSeen[]> {
  const found: Listed[] = [];
  for (let pages = 0, after: string | undefined; pages < MOST_PAGES; pages++) {
    const { document, variables } = commentsDocument(repository, after);
    const answer = await client.query<RawComments>(
      `reading comments in ${repository.owner}/${repository.name}`,
      document,
      variables,
    );
    const { open, issues, closed } = answer.repository;
    const pulls = [...(open?.nodes ?? []), ...closed.nodes];
    found.push(...pulls.flatMap((pull) => commentsOf(pull, false)));
    found.push(...(issues?.nodes ?? []).flatMap((issue) => commentsOf(issue, true)));
    const oldest = closed.nodes.at(-1);
    const { hasNextPage, endCursor } = closed.pageInfo;
    if (!oldest || new Date(oldest.updatedAt) < since || !hasNextPage || endCursor === null) break;
    after = endCursor;
  }
  const listed = found
    .filter(({ updatedAt }) => updatedAt >= since)
    .toSorted((one, other) => one.commentId - other.commentId);
  const seen: CommentSeen[] = [];
  for (let at = 0; at < listed.length; at += TEXTS)
    seen.push(...(await withTexts(client, listed.slice(at, at + TEXTS))));
  return seen;
}

type Listed = Omit<CommentSeen, "body"> & { readonly id: string };

/** Without comments that were deleted meanwhile. */
async function withTexts(
  client: RepositoryAccess["client"],
  listed: readonly Listed[],
): Promise<readonly CommentSeen[]> {
  const { maybeComments } = await client.query<{
    readonly maybeComments: readonly ({ readonly body?: string } | null)[];
  }>(
    "reading comments",
    `query CommentTexts($ids: [ID!]!) { maybeComments: nodes(ids: $ids) { ... on IssueComment { body } } }`,
    { ids: listed.map(({ id }) => id) },
  );
  return listed.flatMap(({ id: _read, ...comment }, at) => {
    const body = maybeComments[at]?.body;
    return body === undefined ? [] : [{ ...comment, body }];
  });
}

function commentsDocument(repository: RepositoryAccess["repository"], after: string | undefined) {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const order = "orderBy: { field: UPDATED_AT, direction: DESC }";
  const from = after === undefined ? "" : `after: ${variables.add(after)}, `;
  const open =
    after === undefined
      ? `open: pullRequests(states: [OPEN], first: ${OPEN}, ${order}) { nodes { ...Commented } }
    issues(states: [OPEN], first: ${ISSUES}, ${order}) { nodes { number updatedAt ${COMMENTED} } }`
      : "";
  const document = `query CommentsSince(${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${owner}, name: ${name}) {
    ${open}
    closed: pullRequests(states: [CLOSED, MERGED], first: ${CLOSED}, ${from}${order}) {
      pageInfo { hasNextPage endCursor }
      nodes { ...Commented }
    }
  }
}
fragment Commented on PullRequest { number updatedAt ${COMMENTED} }`;
  return { document, variables: variables.values() };
}

interface RawComments {
  readonly repository: {
    readonly open?: { readonly nodes: readonly RawCommented[] };
    readonly issues?: { readonly nodes: readonly RawCommented[] };
    readonly closed: {
      readonly pageInfo: PageInfo;
      readonly nodes: readonly RawCommented[];
    };
  };
}
interface RawCommented {
  readonly number: number;
  readonly updatedAt: string;
  readonly comments: {
    readonly nodes: readonly {
      readonly id: string;
      readonly databaseId: number | null;
      readonly updatedAt: string;
      readonly author: { readonly __typename: string } | null;
      readonly editor: { readonly __typename: string } | null;
    }[];
  };
}

/** Without comments that a bot wrote, or edited last. */
function commentsOf({ number, comments }: RawCommented, onIssue: boolean): readonly Listed[] {
  return comments.nodes.flatMap(({ id, databaseId, updatedAt, author, editor }) =>
    databaseId === null || (editor ?? author)?.__typename === "Bot"
      ? []
      : [{ id, commentId: databaseId, number, onIssue, updatedAt: new Date(updatedAt) }],
  );
}
