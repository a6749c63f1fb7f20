// A pull request as REST and webhooks show it.

import { commitsOf } from "../world/associations.ts";
import { trialMerge } from "../world/pull-requests/mergeability.ts";
import type { PullRequest } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { accountJson, timeJson } from "./account.ts";
import { associationOf } from "./association.ts";
import { labelsJson } from "./label.ts";
import { nodeId } from "./node-id.ts";
import { apiUrl, htmlUrl, repositoryJson } from "./repository.ts";

export function pullRequestJson(world: World, repository: Repository, pull: PullRequest): object {
  const { number } = pull;
  const head = world.repositories.get(pull.head.repositoryId);
  return {
    url: apiUrl(world, repository, `/pulls/${number}`),
    id: pull.id,
    node_id: nodeId("PullRequest", [repository.id, number]),
    html_url: htmlUrl(world, repository, `/pull/${number}`),
    issue_url: apiUrl(world, repository, `/issues/${number}`),
    number,
    state: pull.state,
    locked: pull.locked === true,
    title: pull.title,
    user: accountJson(world, pull.author),
    body: pull.body === "" ? null : pull.body,
    ...timesJson(pull),
    // For an open pull request this is the test merge commit: the field alone proves no merge.
    merge_commit_sha: pull.merge?.oid ?? pull.head.oid,
    assignees: pull.assignees.map((account) => accountJson(world, account)),
    requested_reviewers: pull.reviewers.map((account) => accountJson(world, account)),
    requested_teams: pull.teams.map((slug) => ({ slug, name: slug })),
    labels: labelsJson(world, repository, pull.labels),
    draft: pull.draft,
    head: endJson(world, head, { ref: pull.head.branch, sha: pull.head.oid }),
    base: endJson(world, repository, { ref: pull.base.branch, sha: pull.base.oid }),
    author_association: associationOf(repository, pull.author),
    auto_merge: autoMergeJson(world, pull),
    merged: pull.merge !== undefined,
    mergeable: pull.state === "open" ? trialMerge(repository, pull).kind === "merged" : null,
    merged_by: pull.merge === undefined ? null : accountJson(world, pull.merge.by),
    comments: [...repository.comments.values()].filter((comment) => comment.number === number).length,
    commits: commitsOf(repository, pull).length,
    maintainer_can_modify: pull.maintainerCanModify,
  };
}

function timesJson(pull: PullRequest): object {
  return {
    created_at: timeJson(pull.createdAt),
    updated_at: timeJson(pull.updatedAt),
    closed_at: pull.closedAt === undefined ? null : timeJson(pull.closedAt),
    merged_at: pull.merge === undefined ? null : timeJson(pull.merge.at),
  };
}

function endJson(
  world: World,
  repository: Repository | undefined,
  { ref, sha }: { ref: string; sha: string },
): object {
  const owner = repository?.owner;
  return {
    label: `${owner?.login ?? "unknown"}:${ref}`,
    ref,
    sha,
    user: owner === undefined ? null : accountJson(world, owner),
    repo: repository === undefined ? null : repositoryJson(world, repository),
  };
}

function autoMergeJson(world: World, { autoMerge }: PullRequest): object | null {
  if (autoMerge === undefined) return null;
  return {
    enabled_by: accountJson(world, autoMerge.by),
    merge_method: autoMerge.method,
    commit_title: autoMerge.headline ?? null,
    commit_message: autoMerge.message ?? null,
  };
}
