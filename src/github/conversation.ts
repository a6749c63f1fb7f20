// What the App says: comments under pull requests, and its one issue of each kind in a repository.

import type { ConfigRepository } from "../model/repository.ts";
import type { InstallationClient } from "./client.ts";
import { isOurs } from "./look.ts";

const about = { activity: "commenting", purpose: "promotion" } as const;

export async function comment(client: InstallationClient, subjectId: string, body: string): Promise<void> {
  const document =
    "mutation Comment($input: AddCommentInput!) { said: addComment(input: $input) { clientMutationId } }";
  await client.mutate(about, document, { input: { subjectId, body } });
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
  const document = `mutation Close($said: AddCommentInput!, $closed: ClosePullRequestInput!) {
  said: addComment(input: $said) { clientMutationId }
  closed: closePullRequest(input: $closed) { clientMutationId }
}`;
  await client.mutate({ ...about, activity: "closing a pull request" }, document, {
    said: { subjectId: pullRequestId, body },
    closed: { pullRequestId },
  });
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
  const taken = untrue.map((id, at) => ({ id, name: `c${at}` }));
  const declarations = taken.map(({ name }) => `, $${name}: DeleteIssueCommentInput!`).join("");
  const fields = taken.map(({ name }) => `${name}: deleteIssueComment(input: $${name}) { clientMutationId }`);
  const document = `mutation Retell($pr: UpdatePullRequestInput!${declarations}) {
  pr: updatePullRequest(input: $pr) { clientMutationId }
  ${fields.join("\n  ")}
}`;
  await client.mutate({ ...about, activity: "correcting a pull request" }, document, {
    pr: { pullRequestId, title, body },
    ...Object.fromEntries(taken.map(({ id, name }) => [name, { id }])),
  });
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

/** Makes the App's one open issue of this kind say this: opened, updated in place, closed, or left as it is. */
export async function sayInIssue(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  { text, slug }: { readonly text: IssueText; readonly slug: string },
): Promise<void> {
  const marker = `<!-- chart-promoter:${text.kind} -->`;
  const found = await openIssues(client, repository);
  const ours = found.issues.find(({ author, body }) => isOurs(author, slug) && body.includes(marker));
  const body = text.body === undefined ? undefined : `${text.body}\n\n${marker}`;
  if (body === undefined && ours) {
    await mutate(client, "closed: closeIssue(input: $input) { clientMutationId }", [
      "CloseIssueInput",
      { issueId: ours.id },
    ]);
  } else if (body !== undefined && !ours) {
    const input = { repositoryId: found.repositoryId, title: text.title, body };
    await mutate(client, "opened: createIssue(input: $input) { clientMutationId }", [
      "CreateIssueInput",
      input,
    ]);
  } else if (body !== undefined && ours && ours.body !== body) {
    const input = { id: ours.id, title: text.title, body };
    await mutate(client, "updated: updateIssue(input: $input) { clientMutationId }", [
      "UpdateIssueInput",
      input,
    ]);
  }
}

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
  return { repositoryId: repository.id, issues: repository.issues.nodes };
}

async function mutate(
  client: InstallationClient,
  field: string,
  [type, input]: readonly [string, object],
): Promise<void> {
  const activity = "keeping an issue";
  await client.mutate({ activity, purpose: "upkeep" }, `mutation Issue($input: ${type}!) { ${field} }`, {
    input,
  });
}
