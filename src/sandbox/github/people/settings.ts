// An owner's changes of repositories: creation, fork, rename, transfer, archiving, deletion, visibility.

import { authorOf } from "../world/identities.ts";
import { editPullRequest } from "../world/pull-requests/pull-request-edits.ts";
import type { Account, BranchRule, Permission } from "../world/records.ts";
import { applyMove, ZERO } from "../world/repositories/branches.ts";
import { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { type FilesGiven, writeTree } from "./files.ts";

export interface NewRepository {
  /** `owner/name`; a new owner becomes an organization unless `ownerType` says otherwise. */
  readonly name: string;
  readonly ownerType?: "User" | "Organization";
  readonly defaultBranch?: string;
  /** The first commit; none leaves it empty. */
  readonly files?: FilesGiven;
  readonly visibility?: "private" | "public";
  /** Permissions by login. */
  readonly people?: { readonly [login: string]: Permission };
  readonly rules?: readonly BranchRule[];
}

export function createRepository(world: World, wanted: NewRepository): Repository {
  const [ownerLogin = "", name = ""] = wanted.name.split("/");
  if (world.repository(wanted.name) !== undefined) throw new Error(`${wanted.name} exists already`);
  const owner = world.account(ownerLogin, wanted.ownerType ?? "Organization");
  const repository = new Repository({ id: world.newId(), owner, name, createdAt: world.now() });
  repository.defaultBranch = wanted.defaultBranch ?? "main";
  repository.private = wanted.visibility !== "public";
  world.repositories.set(repository.id, repository);
  world.redirects.delete(wanted.name.toLowerCase());
  for (const [login, level] of Object.entries(wanted.people ?? {}))
    setPermission(world, repository, { login, level });
  world.emit({ name: "repository", action: "created", repository, sender: owner, payload: {} });
  if (wanted.files !== undefined) firstCommit(world, repository, wanted.files);
  repository.rules = wanted.rules ?? [];
  return repository;
}

function firstCommit(world: World, repository: Repository, files: FilesGiven): void {
  const author = authorOf(repository.owner, world.now());
  const tree = writeTree(repository.objects, undefined, files);
  const to = repository.objects.addCommit({
    tree,
    parents: [],
    author,
    committer: author,
    message: "First commit",
  });
  applyMove(world, repository, {
    ref: `refs/heads/${repository.defaultBranch}`,
    to,
    actor: repository.owner,
  });
}

/** A fork shares its parent's objects, as on GitHub. */
export function fork(world: World, parent: Repository, by: Account): Repository {
  const repository = new Repository({
    id: world.newId(),
    owner: by,
    name: parent.name,
    createdAt: world.now(),
    parent,
  });
  repository.defaultBranch = parent.defaultBranch;
  repository.refs = new Map(parent.refs);
  world.repositories.set(repository.id, repository);
  return repository;
}

export function setPermission(
  world: World,
  repository: Repository,
  { login, level }: { login: string; level: Permission },
): void {
  world.account(login);
  repository.permissions.set(login.toLowerCase(), level);
}

interface Change {
  readonly repository: Repository;
  readonly sender: Account;
}

export function rename(world: World, { repository, sender }: Change, name: string): void {
  const from = repository.name;
  leave(world, repository);
  repository.name = name;
  const changes = { repository: { name: { from } } };
  world.emit({ name: "repository", action: "renamed", repository, sender, payload: { changes } });
}

/** Only the new owner's installation is notified; the old one's loses the repository. */
export function transfer(world: World, { repository, sender }: Change, ownerLogin: string): void {
  const from = repository.owner;
  leave(world, repository);
  repository.owner = world.account(ownerLogin, "Organization");
  const changes = {
    owner: { from: { [from.type === "User" ? "user" : "organization"]: { login: from.login, id: from.id } } },
  };
  world.emit({ name: "repository", action: "transferred", repository, sender, payload: { changes } });
}

function leave(world: World, repository: Repository): void {
  world.redirects.set(repository.fullName.toLowerCase(), repository.id);
}

export function setArchived(
  world: World,
  { repository, sender }: Change,
  state: "archived" | "unarchived",
): void {
  repository.archived = state === "archived";
  world.emit({ name: "repository", action: state, repository, sender, payload: {} });
}

export function changeDefaultBranch(world: World, { repository, sender }: Change, branch: string): void {
  const from = repository.defaultBranch;
  repository.defaultBranch = branch;
  const changes = { default_branch: { from } };
  world.emit({ name: "repository", action: "edited", repository, sender, payload: { changes } });
}

/**
 * As on GitHub's branches page: open pull requests are retargeted to the new name, and a default branch stays the
 * default.
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-branches-in-your-repository/renaming-a-branch
 */
export function renameBranch(
  world: World,
  { repository, sender }: Change,
  { from, to }: { readonly from: string; readonly to: string },
): void {
  const oid = repository.branch(from);
  if (oid === undefined) throw new Error(`there is no branch ${from}`);
  applyMove(world, repository, { ref: `refs/heads/${to}`, to: oid, actor: sender });
  for (const { number, state, base } of repository.pulls())
    if (state === "open" && base.branch === from)
      editPullRequest(world, repository, { number, actor: sender, base: to });
  if (repository.defaultBranch === from) changeDefaultBranch(world, { repository, sender }, to);
  applyMove(world, repository, { ref: `refs/heads/${from}`, to: ZERO, actor: sender });
}

export function deleteRepository(world: World, { repository, sender }: Change): void {
  world.emit({ name: "repository", action: "deleted", repository, sender, payload: {} });
  world.repositories.delete(repository.id);
}
