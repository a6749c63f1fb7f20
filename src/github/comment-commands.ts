// Comments that may hold commands: read, answered by a reaction, and what they change by label. All of it over REST, where a
// comment is found by the number that the webhook tells.

import type { ConfigRepository } from "../model/repository.ts";
import type { InstallationClient } from "./client.ts";
import { GitHubFailure } from "./failure.ts";

type Name = Pick<ConfigRepository, "owner" | "name">;

export async function readComment(
  client: InstallationClient,
  { owner, name: repo }: Name,
  commentId: number,
): Promise<{ readonly body: string; readonly login: string } | undefined> {
  const data = await unlessMissing(
    client.rest(reading("a comment"), async (octokit) => {
      const answer = await octokit.rest.issues.getComment({ owner, repo, comment_id: commentId });
      return answer.data;
    }),
  );
  return data && { body: data.body ?? "", login: data.user?.login ?? "" };
}

/** `slug`: the App's; its own reactions are those of `<slug>[bot]`. */
export async function hasReacted(
  client: InstallationClient,
  { owner, name: repo }: Name,
  { commentId, slug }: { readonly commentId: number; readonly slug: string },
): Promise<boolean> {
  return client.rest(reading("reactions"), async (octokit) => {
    const given = await octokit.paginate(octokit.rest.reactions.listForIssueComment, {
      owner,
      repo,
      comment_id: commentId,
      per_page: 100,
    });
    return given.some(({ user }) => user?.login === `${slug}[bot]`);
  });
}

export async function react(
  client: InstallationClient,
  { owner, name: repo }: Name,
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

/** REST folds `maintain` into `write`. Somebody unknown there may not. */
export async function mayWrite(
  client: InstallationClient,
  { owner, name: repo }: Name,
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
  client: InstallationClient,
  { owner, name: repo }: Name,
  { number, label }: { readonly number: number; readonly label: string },
): Promise<void> {
  await client.rest(writing("labelling"), async (octokit) => {
    await octokit.rest.issues.addLabels({ owner, repo, issue_number: number, labels: [label] });
  });
}

/** Nothing to do when it is not there. */
export async function removeLabel(
  client: InstallationClient,
  { owner, name: repo }: Name,
  { number, label }: { readonly number: number; readonly label: string },
): Promise<void> {
  await unlessMissing(
    client.rest(writing("labelling"), async (octokit) => {
      await octokit.rest.issues.removeLabel({ owner, repo, issue_number: number, name: label });
    }),
  );
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof GitHubFailure && error.kind === "missing") return undefined;
    throw error;
  }
}

function reading(what: string) {
  return { activity: `reading ${what}`, purpose: "promotion", content: false } as const;
}

function writing(activity: string) {
  return { activity, purpose: "promotion", content: true } as const;
}
