// Commits and changed files as REST shows them.

import { countLines, patchOf } from "../git/line-counts.ts";
import type { Signature } from "../git/object-store.ts";
import type { PathChange } from "../git/trees.ts";
import { loginOf } from "../world/identities.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { accountJson } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { apiUrl, htmlUrl } from "./repository.ts";

export function gitCommitJson(world: World, repository: Repository, sha: string): object {
  const { tree, parents, message, author, committer, signature } = repository.objects.mustCommit(sha);
  const person = ({ name, email, date }: Signature) => ({ name, email, date: date.toISOString() });
  return {
    sha,
    node_id: nodeId("Commit", [repository.id, sha]),
    url: apiUrl(world, repository, `/git/commits/${sha}`),
    html_url: htmlUrl(world, repository, `/commit/${sha}`),
    author: person(author),
    committer: person(committer),
    tree: { sha: tree, url: apiUrl(world, repository, `/git/trees/${tree}`) },
    message,
    parents: parents.map((parent) => ({
      sha: parent,
      url: apiUrl(world, repository, `/git/commits/${parent}`),
    })),
    verification: {
      verified: signature !== undefined,
      reason: signature === undefined ? "unsigned" : "valid",
      signature: signature ?? null,
      payload: null,
    },
  };
}

/** One file of a change, as `GET /pulls/:number/files` lists it. */
export function changedFileJson(repository: Repository, change: PathChange): object {
  const { additions, deletions } = countLines(repository.objects, change);
  return {
    sha: (change.after ?? change.before)?.oid,
    filename: change.path,
    status: change.before === undefined ? "added" : change.after === undefined ? "removed" : "modified",
    additions,
    deletions,
    changes: additions + deletions,
    patch: patchOf(repository.objects, change),
  };
}

export function commitJson(world: World, repository: Repository, sha: string): object {
  const { author, committer, parents } = repository.objects.mustCommit(sha);
  const user = ({ email }: Signature) => {
    const account = world.accounts.get(loginOf(email)?.toLowerCase() ?? "");
    return account === undefined ? null : accountJson(world, account);
  };
  return {
    sha,
    node_id: nodeId("Commit", [repository.id, sha]),
    commit: gitCommitJson(world, repository, sha),
    url: apiUrl(world, repository, `/commits/${sha}`),
    html_url: htmlUrl(world, repository, `/commit/${sha}`),
    author: user(author),
    committer: user(committer),
    parents: parents.map((parent) => ({ sha: parent, url: apiUrl(world, repository, `/commits/${parent}`) })),
  };
}
