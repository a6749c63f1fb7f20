// Comments that may contain commands: reading them, reacting to them, and changing labels. Over REST, which finds a
// comment by the number in the webhook; only its last editor has to be read over GraphQL.

import type { LabelEvent } from "../../../domain/model/github/guarded-labels.ts";
import type { CommandGitHub, WrittenComment } from "../../../reconcile/ports/github/comment-github.ts";
import { unlessMissing } from "../api/failure.ts";
import type { RawActor } from "../queries/pull-requests/by-app.ts";
import type { RepositoryAccess } from "../repository-access.ts";

export async function readComment(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  commentId: number,
): ReturnType<CommandGitHub["readComment"]> {
  const data = await unlessMissing(
    client.rest(reading("a comment"), async (octokit) => {
      const answer = await octokit.rest.issues.getComment({ owner, repo, comment_id: commentId });
      return answer.data;
    }),
  );
  return data && { id: data.node_id, body: data.body ?? "" };
}

/** Text and editor in one response, which REST cannot give. */
export async function readWrittenComment(
  { client }: RepositoryAccess,
  id: string,
): Promise<WrittenComment | undefined> {
  const answer = await unlessMissing(
    client.query<{ readonly node: Partial<RawComment> | null }>(
      "reading who wrote a comment",
      `query WrittenComment($id: ID!) {
  node(id: $id) {
    ... on IssueComment {
      body updatedAt lastEditedAt author { login __typename } editor { login __typename }
    }
  }
}`,
      { id },
    ),
  );
  const { body, updatedAt, lastEditedAt = null, author = null, editor = null } = answer?.node ?? {};
  if (body === undefined || updatedAt === undefined) return undefined;
  const edited = lastEditedAt !== null || editor !== null;
  const writer = edited ? editor : author;
  return {
    ...{ body, edited, updatedAt: new Date(updatedAt) },
    writtenBy: writer?.__typename === "User" ? writer.login : "",
  };
}

interface RawComment {
  readonly body: string;
  readonly updatedAt: string;
  readonly lastEditedAt: string | null;
  readonly author: RawActor | null;
  readonly editor: RawActor | null;
}

/** `undefined` when the number does not exist, is a pull request, or is not the App's own issue. */
export async function readIssue(
  { client, repository: { owner, name: repo }, app }: RepositoryAccess,
  number: number,
): Promise<{ readonly body: string } | undefined> {
  const login = `${await app.slug()}[bot]`;
  const data = await unlessMissing(
    client.rest(reading("an issue"), async (octokit) => {
      const answer = await octokit.rest.issues.get({ owner, repo, issue_number: number });
      return answer.data;
    }),
  );
  if (!data || data.pull_request || data.user?.login !== login) return undefined;
  return { body: data.body ?? "" };
}

export async function hasReacted(
  { client, repository: { owner, name: repo }, app }: RepositoryAccess,
  commentId: number,
): Promise<boolean> {
  const login = `${await app.slug()}[bot]`;
  return client.rest(reading("reactions"), async (octokit) => {
    const given = await octokit.paginate(octokit.rest.reactions.listForIssueComment, {
      owner,
      repo,
      comment_id: commentId,
      per_page: 100,
    });
    return given.some(({ user }) => user?.login === login);
  });
}

export async function react(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  { commentId, reaction }: { readonly commentId: number; readonly reaction: "+1" | "-1" | "confused" },
): Promise<void> {
  await client.rest(writing("reacting"), async (octokit) => {
    await octokit.rest.reactions.createForIssueComment({
      owner,
      repo,
      comment_id: commentId,
      content: reaction,
    });
  });
}

/** REST reports `maintain` as `write`. An unknown user has no permission. */
export async function mayWrite(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  login: string,
): Promise<boolean> {
  if (login === "") return false;
  const permission = await unlessMissing(
    client.rest(reading("a permission"), async (octokit) => {
      const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({
        owner,
        repo,
        username: login,
      });
      return data.permission;
    }),
  );
  return permission === "admin" || permission === "write";
}

export async function addLabel(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  number: number,
  label: string,
): Promise<void> {
  await client.rest(writing("labelling"), async (octokit) => {
    await octokit.rest.issues.addLabels({ owner, repo, issue_number: number, labels: [label] });
  });
}

/** Ignores that the label is not there. */
export async function removeLabel(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  number: number,
  label: string,
): Promise<void> {
  await unlessMissing(
    client.rest(writing("labelling"), async (octokit) => {
      await octokit.rest.issues.removeLabel({ owner, repo, issue_number: number, name: label });
    }),
  );
}

/** The newest event of a label on an issue or pull request. */
export async function lastLabelChange(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  number: number,
  label: string,
): Promise<LabelEvent | undefined> {
  const events = await unlessMissing(
    client.rest(reading("label events"), (octokit) =>
      octokit.paginate(octokit.rest.issues.listEvents, {
        owner,
        repo,
        issue_number: number,
        per_page: 100,
      }),
    ),
  );
  for (const event of (events ?? []).toReversed()) {
    const { event: action, actor } = event;
    if (action !== "labeled" && action !== "unlabeled") continue;
    if (!("label" in event) || event.label.name !== label) continue;
    const at = new Date(event.created_at);
    return actor?.type === "Bot" ? { action, at } : { action, at, person: actor?.login ?? "" };
  }
  return undefined;
}

function reading(what: string) {
  return { activity: `reading ${what}`, purpose: "promotion", content: false } as const;
}

function writing(activity: string) {
  return { activity, purpose: "promotion", content: true } as const;
}
