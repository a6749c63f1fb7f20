// The App's texts: comments on pull requests, and its single issue of each kind in a repository.

import { hiddenMarker } from "../../../domain/model/github/hidden-marker.ts";
import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import { withClosingNote } from "../../../domain/pull-request-body/markdown/closing-note.ts";
import {
  bodyDigest,
  type IssueText,
  type OwnIssue,
} from "../../../reconcile/ports/github/texts-on-github.ts";
import type { InstallationClient } from "../api/client.ts";
import { type MutationField, mutationDocument } from "../api/mutation-document.ts";
import { isByApp } from "../queries/pull-requests/by-app.ts";
import type { RepositoryAccess } from "../repository-access.ts";

export async function comment(
  { client }: Pick<RepositoryAccess, "client">,
  subjectId: string,
  body: string,
): Promise<void> {
  await send(client, { name: "Comment", activity: "commenting" }, [saying(subjectId, body)]);
}

/** Writes a comment unless one of the App's newest on that pull request or issue has the marker already. */
export async function ensureComment(
  access: RepositoryAccess,
  number: number,
  wanted: { readonly marker: string; readonly body: string },
): Promise<void> {
  const { threadId, comments } = await ownComments(access, number);
  const there = comments.some(({ body }) => body.includes(wanted.marker));
  if (threadId !== undefined && !there) await comment(access, threadId, wanted.body);
}

/** Two requests when such a comment exists with another text. */
export async function replaceComment(
  access: RepositoryAccess,
  number: number,
  wanted: { readonly marker: string; readonly body: string },
): Promise<void> {
  const { comments } = await ownComments(access, number);
  const there = comments.find(({ body }) => body.includes(wanted.marker));
  if (!there || there.body === wanted.body) return;
  const input = { id: there.id, body: wanted.body };
  await send(access.client, { name: "Reword", activity: "rewording a comment", purpose: "upkeep" }, [
    { key: "reworded", mutation: "updateIssueComment", type: "UpdateIssueCommentInput", input },
  ]);
}

interface RawComment {
  readonly id: string;
  readonly body: string;
  readonly author: RawIssue["author"];
}

/** The App's own comments among the newest of a pull request or issue. */
async function ownComments(
  { client, repository, app }: RepositoryAccess,
  number: number,
): Promise<{ readonly threadId?: string; readonly comments: readonly RawComment[] }> {
  const answer = await client.query<{
    readonly repository: {
      readonly thread: {
        readonly id: string;
        readonly comments: { readonly nodes: readonly RawComment[] };
      } | null;
    };
  }>(
    `reading the comments of #${number}`,
    `query Comments($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    thread: issueOrPullRequest(number: $number) {
      ... on PullRequest { id comments(last: 50) { ...Said } }
      ... on Issue { id comments(last: 50) { ...Said } }
    }
  }
}
fragment Said on IssueCommentConnection { nodes { id body author { login __typename } } }`,
    { owner: repository.owner, name: repository.name, number },
  );
  const { thread } = answer.repository;
  if (!thread) return { comments: [] };
  const slug = await app.slug();
  const comments = thread.comments.nodes.filter(({ author }) => isByApp(author, slug));
  return { threadId: thread.id, comments };
}

/**
 * Comments and closes in one request, after reading whether the comment exists already: both parts succeed or fail
 * independently, and the comment must not be written twice. In a locked conversation the reason is added to the pull
 * request's text in the request that closes it.
 */
export async function closePullRequest(
  access: RepositoryAccess,
  pullRequestId: string,
  body: string,
): Promise<void> {
  const { locked, text, hasComment } = await readConversation(access, pullRequestId, body);
  const about = { name: "Close", activity: "closing a pull request" } as const;
  if (locked) {
    const input = { pullRequestId, body: withClosingNote(text, body), state: "CLOSED" };
    const mutation = "updatePullRequest";
    return send(access.client, about, [{ key: "closed", mutation, type: "UpdatePullRequestInput", input }]);
  }
  await send(access.client, about, [
    ...(hasComment ? [] : [saying(pullRequestId, body)]),
    {
      key: "closed",
      mutation: "closePullRequest",
      type: "ClosePullRequestInput",
      input: { pullRequestId },
    },
  ]);
}

interface Conversation {
  readonly locked: boolean;
  /** Body of the pull request. */
  readonly text: string;
  /** Whether one of the App's newest comments has exactly this text. */
  readonly hasComment: boolean;
}

async function readConversation(
  { client, app }: RepositoryAccess,
  id: string,
  wanted: string,
): Promise<Conversation> {
  const { node } = await client.query<{
    readonly node: {
      readonly locked: boolean;
      readonly body: string;
      readonly comments: {
        readonly nodes: readonly { readonly body: string; readonly author: RawIssue["author"] }[];
      };
    } | null;
  }>(
    "reading what was said",
    `query Said($id: ID!) {
  node(id: $id) { ... on PullRequest { locked body comments(last: 20) { nodes { body author { login __typename } } } } }
}`,
    { id },
  );
  const slug = await app.slug();
  const comments = node?.comments.nodes ?? [];
  const hasComment = comments.some(({ author, body }) => isByApp(author, slug) && body === wanted);
  return { locked: node?.locked === true, text: node?.body ?? "", hasComment };
}

export interface PullRequestText {
  readonly title: string;
  readonly body: string;
  /** Node ids of comments to delete. */
  readonly untrue: readonly string[];
}

/** One request. Parts that GitHub refuses are retried by the next reconcile, which finds the text wrong again. */
export async function updatePullRequestText(
  { client }: RepositoryAccess,
  pullRequestId: string,
  { title, body, untrue }: PullRequestText,
): Promise<void> {
  await send(client, { name: "Retell", activity: "correcting a pull request" }, [
    ...untrue.map((id, at) => ({
      key: `untrue${at}`,
      mutation: "deleteIssueComment",
      type: "DeleteIssueCommentInput",
      input: { id },
    })),
    {
      key: "told",
      mutation: "updatePullRequest",
      type: "UpdatePullRequestInput",
      input: { pullRequestId, title, body },
    },
  ]);
}

interface RawIssue {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: { readonly login: string; readonly __typename: string } | null;
}

/** Bodies of the App's open issues. */
export async function ownIssues({ client, repository, app }: RepositoryAccess): Promise<readonly string[]> {
  const { issues } = await openIssues(client, repository);
  const slug = await app.slug();
  return issues.filter(({ author }) => isByApp(author, slug)).map(({ body }) => body);
}

/** If there are two, the older one. */
export async function findOwnIssue(
  { client, repository, app }: RepositoryAccess,
  kind: IssueText["kind"],
): Promise<number | undefined> {
  const { issues } = await openIssues(client, repository);
  const slug = await app.slug();
  return issues.find((issue) => isOfKind(issue, kind, slug))?.number;
}

function isOfKind({ author, body }: RawIssue, kind: string, slug: string): boolean {
  return isByApp(author, slug) && body.includes(hiddenMarker(kind));
}

/**
 * Opens, updates or closes the App's issue of this kind, or leaves it unchanged. If a stale read has caused a second
 * one, closes the later one.
 */
export async function upsertIssue(access: RepositoryAccess, text: IssueText): Promise<"done" | "stale-read"> {
  const { client, repository, app } = access;
  const body = text.body === undefined ? undefined : markedBody(text.kind, text.body);
  if (text.known) {
    await rewriteIssue(access, text.known, { ...text, body });
    return "done";
  }
  const slug = await app.slug();
  const found = await openIssues(client, repository);
  const [first, ...doubles] = found.issues.filter((issue) => isOfKind(issue, text.kind, slug));
  if (body === undefined && isOutdated(first, text)) return "stale-read";
  const fields = doubles.map(({ id }, at) => closing(`double${at}`, id));
  if (first && body === undefined) fields.push(ending(first, text.lastWords));
  else if (first && body !== undefined && first.body !== body) {
    const input = { id: first.id, title: text.title, body };
    fields.push({ key: "updated", mutation: "updateIssue", type: "UpdateIssueInput", input });
  } else if (!first && body !== undefined) {
    const input = { repositoryId: found.repositoryId, title: text.title, body };
    fields.push({ key: "opened", mutation: "createIssue", type: "CreateIssueInput", input });
  }
  if (fields.length > 0)
    await send(client, { name: "Issue", activity: "keeping an issue", purpose: "upkeep" }, fields);
  return "done";
}

function markedBody(kind: IssueText["kind"], body: string): string {
  return `${body}\n\n${hiddenMarker(kind)}`;
}

/** Whether the issue that was read is missing or does not match the recorded digest: then the read may be stale. */
function isOutdated(found: RawIssue | undefined, { kind, digest }: IssueText): boolean {
  if (digest === undefined) return false;
  const end = markedBody(kind, "");
  const body = found?.body.replaceAll("\r\n", "\n") ?? "";
  const written = body.endsWith(end) ? body.slice(0, -end.length) : body;
  return bodyDigest(written) !== digest;
}

async function rewriteIssue(
  { client }: RepositoryAccess,
  known: OwnIssue,
  { title, body, lastWords }: Pick<IssueText, "title" | "lastWords"> & { readonly body: string | undefined },
): Promise<void> {
  const { id, isOpen } = known;
  if (body === undefined ? !isOpen : isOpen && known.body === body && known.title === title) return;
  const input = { id, title, body, ...(!isOpen && { state: "OPEN" }) };
  const field =
    body === undefined
      ? ending(known, lastWords)
      : { key: "updated", mutation: "updateIssue", type: "UpdateIssueInput", input };
  await send(client, { name: "Issue", activity: "keeping an issue", purpose: "upkeep" }, [field]);
}

function ending({ id, body }: Pick<RawIssue, "id" | "body">, lastWords: string | undefined): MutationField {
  if (lastWords === undefined) return closing("closed", id);
  const input = { id, body: `${lastWords}\n\n${body}`, state: "CLOSED" };
  return { key: "ended", mutation: "updateIssue", type: "UpdateIssueInput", input };
}

function closing(key: string, issueId: string): MutationField {
  return { key, mutation: "closeIssue", type: "CloseIssueInput", input: { issueId } };
}

function saying(subjectId: string, body: string): MutationField {
  return { key: "comment", mutation: "addComment", type: "AddCommentInput", input: { subjectId, body } };
}

async function send(
  client: InstallationClient,
  { name, activity, purpose = "promotion" }: About,
  fields: readonly MutationField[],
): Promise<void> {
  const { document, variables } = mutationDocument(name, fields);
  await client.mutate({ activity, purpose }, document, variables);
}

interface About {
  /** Name of the operation. */
  readonly name: string;
  readonly activity: string;
  readonly purpose?: "promotion" | "upkeep";
}

/**
 * Pages of 100 issues. Limits the requests in a repository with many issues; beyond these newest the App's issue is not
 * searched.
 */
const MOST_PAGES = 20;

/** Oldest first; one request for each hundred. */
async function openIssues(
  client: InstallationClient,
  { owner, name }: Pick<ConfigRepository, "owner" | "name">,
) {
  const issues: RawIssue[] = [];
  let after: string | null = null;
  for (let page = 1; ; page++) {
    const { repository } = await pageOfIssues(client, { owner, name, after });
    const { nodes, pageInfo } = repository.issues;
    issues.push(...nodes);
    after = pageInfo.endCursor;
    if (!pageInfo.hasNextPage || after === null || page === MOST_PAGES)
      return { repositoryId: repository.id, issues: issues.toReversed() };
  }
}

interface RawIssuePage {
  readonly repository: {
    readonly id: string;
    readonly issues: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: readonly RawIssue[];
    };
  };
}

function pageOfIssues(
  client: InstallationClient,
  variables: { readonly owner: string; readonly name: string; readonly after: string | null },
): Promise<RawIssuePage> {
  return client.query<RawIssuePage>(
    `looking for issues in ${variables.owner}/${variables.name}`,
    `query OpenIssues($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    id
    issues(states: [OPEN], first: 100, after: $after, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes { id number title body author { login __typename } }
    }
  }
}`,
    variables,
  );
}
