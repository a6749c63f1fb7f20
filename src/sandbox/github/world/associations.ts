// The pull requests of a commit. GitHub's index of them lags behind a merge.

import { commitsBetween, isContained } from "../git/history.ts";
import type { ObjectStore } from "../git/object-store.ts";
import type { PullRequest } from "./records.ts";
import type { Repository } from "./repositories/repository.ts";
import type { World } from "./world.ts";

/**
 * The merged pull request that brought the commit to its base branch; for a commit outside of the default branch also
 * open ones that contain it.
 */
export function pullRequestsOf(world: World, repository: Repository, oid: string): readonly PullRequest[] {
  const main = repository.branch(repository.defaultBranch);
  const onMain = main !== undefined && isContained(repository.objects, oid, main);
  return repository.pulls().filter((pull) => {
    if (pull.merge !== undefined) return isIndexed(world, pull) && introduced(repository, pull, oid);
    return !onMain && pull.state === "open" && commitsOf(repository, pull).includes(oid);
  });
}

function isIndexed(world: World, { merge }: PullRequest): boolean {
  return merge !== undefined && world.now().getTime() - merge.at.getTime() >= world.associationLagMs;
}

function introduced(repository: Repository, pull: PullRequest, oid: string): boolean {
  if (pull.merge?.oid === oid) return true;
  return commitsOf(repository, pull).includes(oid) || rebasedOf(repository, pull).includes(oid);
}

const known = new WeakMap<ObjectStore, Map<string, readonly string[]>>();

/** The pull request's own commits, oldest first. Cached by both ends. */
export function commitsOf({ objects }: Repository, { base, head }: PullRequest): readonly string[] {
  const ofStore = known.get(objects) ?? new Map<string, readonly string[]>();
  known.set(objects, ofStore);
  const ends = `${base.oid} ${head.oid}`;
  const commits = ofStore.get(ends) ?? commitsBetween(objects, base.oid, head.oid);
  ofStore.set(ends, commits);
  return commits;
}

/** After a rebase merge, the base's commits between the old base and the merge. */
function rebasedOf(repository: Repository, pull: PullRequest): readonly string[] {
  if (pull.merge === undefined) return [];
  const { objects } = repository;
  const own = commitsOf(repository, pull);
  const oldest = own.map((oid) => objects.mustCommit(oid).message);
  const result: string[] = [];
  let at: string | undefined = pull.merge.oid;
  for (const message of oldest.toReversed()) {
    if (at === undefined || objects.mustCommit(at).message !== message) return [];
    result.push(at);
    at = objects.mustCommit(at).parents[0];
  }
  return result;
}
