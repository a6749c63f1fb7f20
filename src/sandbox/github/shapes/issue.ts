// Issues, comments and reactions as REST and webhooks show them.

import type { Comment, Issue, PullRequest, Reaction } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { accountJson, timeJson } from "./account.ts";
import { associationOf } from "./association.ts";
import { labelsJson } from "./label.ts";
import { nodeId } from "./node-id.ts";
import { apiUrl, htmlUrl } from "./repository.ts";

/** A pull request is shown as an issue too, with `pull_request` beside the rest. */
export function issueJson(world: World, repository: Repository, thread: Issue | PullRequest): object {
  const { number } = thread;
  const isPull = thread.kind === "pull-request";
  return {
    url: apiUrl(world, repository, `/issues/${number}`),
    repository_url: apiUrl(world, repository),
    html_url: htmlUrl(world, repository, `/${isPull ? "pull" : "issues"}/${number}`),
    id: thread.id,
    node_id: nodeId(isPull ? "PullRequest" : "Issue", [repository.id, number]),
    number,
    title: thread.title,
    user: accountJson(world, thread.author),
    labels: labelsJson(world, repository, thread.labels),
    state: thread.state,
    locked: thread.locked === true,
    assignees: thread.assignees.map((account) => accountJson(world, account)),
    comments: [...repository.comments.values()].filter((comment) => comment.number === number).length,
    created_at: timeJson(thread.createdAt),
    updated_at: timeJson(thread.updatedAt),
    closed_at: thread.closedAt === undefined ? null : timeJson(thread.closedAt),
    author_association: associationOf(repository, thread.author),
    body: thread.body === "" ? null : thread.body,
    performed_via_github_app: null,
    ...(isPull && { draft: thread.draft, pull_request: pullLinksJson(world, repository, thread) }),
  };
}

function pullLinksJson(world: World, repository: Repository, pull: PullRequest): object {
  return {
    url: apiUrl(world, repository, `/pulls/${pull.number}`),
    html_url: htmlUrl(world, repository, `/pull/${pull.number}`),
    merged_at: pull.merge === undefined ? null : timeJson(pull.merge.at),
  };
}

export function commentJson(world: World, repository: Repository, comment: Comment): object {
  const isPull = repository.pull(comment.number) !== undefined;
  const page = `/${isPull ? "pull" : "issues"}/${comment.number}#issuecomment-${comment.id}`;
  return {
    url: apiUrl(world, repository, `/issues/comments/${comment.id}`),
    html_url: htmlUrl(world, repository, page),
    issue_url: apiUrl(world, repository, `/issues/${comment.number}`),
    id: comment.id,
    node_id: nodeId("IssueComment", [repository.id, comment.id]),
    user: accountJson(world, comment.author),
    created_at: timeJson(comment.createdAt),
    updated_at: timeJson(comment.updatedAt),
    author_association: associationOf(repository, comment.author),
    body: comment.body,
    performed_via_github_app:
      comment.author.id === world.app.bot.id ? { id: world.app.id, slug: world.app.slug } : null,
  };
}

export function reactionJson(world: World, repository: Repository, reaction: Reaction): object {
  return {
    id: reaction.id,
    node_id: nodeId("Reaction", [repository.id, reaction.id]),
    user: accountJson(world, reaction.author),
    content: reaction.content,
    created_at: timeJson(reaction.createdAt),
  };
}
