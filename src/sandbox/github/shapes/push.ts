// The push event: the moved ref, and its new commits.

import { commitsBetween, history, isContained } from "../git/history.ts";
import { changesBetween } from "../git/trees.ts";
import { loginOf } from "../world/identities.ts";
import type { Account } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { htmlUrl } from "./repository.ts";

const ZERO = "0".repeat(40);
const MAX_COMMITS = 2048;

export interface Push {
  readonly ref: string;
  readonly from: string;
  readonly to: string;
  readonly actor: Account;
}

export function pushPayload(world: World, repository: Repository, { ref, from, to, actor }: Push): object {
  const commits = pushedCommits(repository, { from, to });
  const forced = from !== ZERO && to !== ZERO && !isContained(repository.objects, from, to);
  const base = from === ZERO ? to.slice(0, 12) : `${from.slice(0, 12)}...${to.slice(0, 12)}`;
  return {
    ref,
    before: from,
    after: to,
    pusher: { name: actor.login, email: `${actor.login}@users.noreply.github.com` },
    created: from === ZERO,
    deleted: to === ZERO,
    forced,
    base_ref: null,
    compare: htmlUrl(world, repository, `/compare/${base}`),
    commits: commits.slice(-MAX_COMMITS).map((oid) => pushedCommitJson(world, repository, oid)),
    head_commit: to === ZERO ? null : pushedCommitJson(world, repository, to),
  };
}

/** Oldest first; for a new branch those that no other branch has. */
function pushedCommits(
  repository: Repository,
  { from, to }: { from: string; to: string },
): readonly string[] {
  const { objects, refs } = repository;
  if (to === ZERO) return [];
  if (from !== ZERO) return commitsBetween(objects, from, to);
  const main = refs.get(`refs/heads/${repository.defaultBranch}`);
  if (main === undefined || main === to) return main === undefined ? history(objects, to).reverse() : [];
  return commitsBetween(objects, main, to);
}

export function pushedCommitJson(world: World, repository: Repository, oid: string): object {
  const { objects } = repository;
  const commit = objects.mustCommit(oid);
  const [parent] = commit.parents;
  const before = parent === undefined ? objects.addTree([]) : objects.mustCommit(parent).tree;
  const changes = changesBetween(objects, before, commit.tree);
  const person = ({ name, email, date }: typeof commit.author) => ({
    name,
    email,
    date: date.toISOString(),
    ...(loginOf(email) !== undefined && { username: loginOf(email) }),
  });
  return {
    id: oid,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date.toISOString(),
    url: htmlUrl(world, repository, `/commit/${oid}`),
    author: person(commit.author),
    committer: person(commit.committer),
    added: changes.filter(({ before }) => before === undefined).map(({ path }) => path),
    removed: changes.filter(({ after }) => after === undefined).map(({ path }) => path),
    modified: changes.filter(({ before, after }) => before && after).map(({ path }) => path),
  };
}
