// What the App says: comments under pull requests, and its one issue of each kind in a repository.

import type { ConfigRepository } from "../model/repository.ts";
import type { InstallationClient } from "./client.ts";
import { isOurs } from "./look.ts";
import { type MutationField, mutationDocument } from "./mutation-document.ts";

export async function comment(client: InstallationClient, subjectId: string, body: string): Promise<void> {
  await send(client, { name: "Comment", activity: "commenting" }, [saying(subjectId, body)]);
}

/** Writes a comment unless one of the App's newest on that pull request holds the marker already. */
export async function ensureComment(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  said: { readonly number: number; readonly slug: string; readonly marker: string; readonly body: string },
): Promise<void> {
  const answer = await client.query<{
    readonly repository: {
      readonly pullRequest: {
        readonly id: string;
        readonly comments: {
          readonly nodes: readonly { readonly body: string; readonly author: RawIssue["author"] }[];
        };
      } | null;
    };
  }>(
    `reading the comments of #${said.number}`,
    `query Comments($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { id comments(last: 50) { nodes { body author { login __typename } } } }
  }
}`,
    { owner: repository.owner, name: repository.name, number: said.number },
  );
  const pullRequest = answer.repository.pullRequest;
  const there = pullRequest?.comments.nodes.some(
    ({ author, body }) => isOurs(author, said.slug) && body.includes(said.marker),
  );
  if (pullRequest && !there) await comment(client, pullRequest.id, said.body);
}

/** Comments and closes in one request. */
export async function closePullRequest(
  client: InstallationClient,
  pullRequestId: string,
  body: string,
): Promise<void> {
  await send(client, { name: "Close", activity: "closing a pull request" }, [
    saying(pullRequestId, body),
    {
      key: "closed",
      mutation: "closePullRequest",
      type: "ClosePullRequestInput",
      input: { pullRequestId },
    },
  ]);
}

export interface Retold {
  readonly title: string;
  readonly body: string;
  /** Node ids of comments to take away. */
  readonly untrue: readonly string[];
}

/** One request. What of it GitHub refuses is found to be untrue again by the next look. */
export async function retell(
  client: InstallationClient,
  pullRequestId: string,
  { title, body, untrue }: Retold,
): Promise<void> {
  await send(client, { name: "Retell", activity: "correcting a pull request" }, [
    {
      key: "told",
      mutation: "updatePullRequest",
      type: "UpdatePullRequestInput",
      input: { pullRequestId, title, body },
    },
    ...untrue.map((id, at) => ({
      key: `untrue${at}`,
      mutation: "deleteIssueComment",
      type: "DeleteIssueCommentInput",
      input: { id },
    })),
  ]);
}

interface RawIssue {
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly author: { readonly login: string; readonly __typename: string } | null;
}

export interface IssueText {
  readonly kind: string;
  readonly title: string;
  /** Markdown; absent to close the issue. */
  readonly body?: string;
}

/** What the App's one open issue of this kind says; `undefined` when none is open. */
export async function issueBody(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  { kind, slug }: { readonly kind: string; readonly slug: string },
): Promise<string | undefined> {
  const { issues } = await openIssues(client, repository);
  return issues.find((issue) => isOfKind(issue, kind, slug))?.body;
}

function isOfKind({ author, body }: RawIssue, kind: string, slug: string): boolean {
  return isOurs(author, slug) && body.includes(issueMarker(kind));
}

function issueMarker(kind: string): string {
  return `<!-- chart-promoter:${kind} -->`;
}

/**
 * Makes the App's one open issue of this kind say this: opened, updated in place, closed, or left as it is. Where a read
 * that lagged had it opened twice, the later one is closed.
 */
export async function sayInIssue(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  { text, slug }: { readonly text: IssueText; readonly slug: string },
): Promise<void> {
  const found = await openIssues(client, repository);
  const [ours, ...doubles] = found.issues.filter((issue) => isOfKind(issue, text.kind, slug));
  const body = text.body === undefined ? undefined : `${text.body}\n\n${issueMarker(text.kind)}`;
  const fields = doubles.map(({ id }, at) => closing(`double${at}`, id));
  if (ours && body === undefined) fields.push(closing("closed", ours.id));
  else if (ours && body !== undefined && ours.body !== body) {
    const input = { id: ours.id, title: text.title, body };
    fields.push({ key: "updated", mutation: "updateIssue", type: "UpdateIssueInput", input });
  } else if (!ours && body !== undefined) {
    const input = { repositoryId: found.repositoryId, title: text.title, body };
    fields.push({ key: "opened", mutation: "createIssue", type: "CreateIssueInput", input });
  }
  if (fields.length > 0)
    await send(client, { name: "Issue", activity: "keeping an issue", purpose: "upkeep" }, fields);
}

function closing(key: string, issueId: string): MutationField {
  return { key, mutation: "closeIssue", type: "CloseIssueInput", input: { issueId } };
}

function saying(subjectId: string, body: string): MutationField {
  return { key: "said", mutation: "addComment", type: "AddCommentInput", input: { subjectId, body } };
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
  /** Of the operation. */
  readonly name: string;
  readonly activity: string;
  readonly purpose?: "promotion" | "upkeep";
}

/** Oldest first. */
async function openIssues(
  client: InstallationClient,
  { owner, name }: Pick<ConfigRepository, "owner" | "name">,
) {
  const { repository } = await client.query<{
    readonly repository: { readonly id: string; readonly issues: { readonly nodes: readonly RawIssue[] } };
  }>(
    `looking for issues in ${owner}/${name}`,
    `query OpenIssues($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    id
    issues(states: [OPEN], first: 100, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { id title body author { login __typename } }
    }
  }
}`,
    { owner, name },
  );
  return { repositoryId: repository.id, issues: repository.issues.nodes.toReversed() };
}
