// A repository as REST and webhooks show it.

import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { accountJson, timeJson } from "./account.ts";
import { nodeId } from "./node-id.ts";

export function apiUrl(world: World, repository: Repository, path = ""): string {
  return `${world.origin}/api/v3/repos/${repository.fullName}${path}`;
}

export function htmlUrl(world: World, repository: Repository, path = ""): string {
  return `${world.origin}/${repository.fullName}${path}`;
}

export function repositoryJson(world: World, repository: Repository): object {
  const { settings } = repository;
  return {
    ...repositoryStubJson(repository),
    owner: accountJson(world, repository.owner),
    html_url: htmlUrl(world, repository),
    description: null,
    fork: repository.parent !== undefined,
    url: apiUrl(world, repository),
    clone_url: `${htmlUrl(world, repository)}.git`,
    created_at: timeJson(repository.createdAt),
    updated_at: timeJson(repository.updatedAt),
    pushed_at: timeJson(repository.pushedAt),
    default_branch: repository.defaultBranch,
    archived: repository.archived,
    disabled: false,
    visibility: repository.private ? "private" : "public",
    has_issues: true,
    allow_merge_commit: settings.allowMerge,
    allow_squash_merge: settings.allowSquash,
    allow_rebase_merge: settings.allowRebase,
    allow_auto_merge: settings.allowAutoMerge,
    delete_branch_on_merge: settings.deleteBranchOnMerge,
  };
}

/** The five fields that installation events list. */
export function repositoryStubJson(repository: Repository): object {
  return {
    id: repository.id,
    node_id: nodeId("Repository", [repository.id]),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
  };
}
