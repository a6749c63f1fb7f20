// The button "Update branch": merges the base of a pull request into its head.

import { authorOf, GITHUB, githubSignature } from "../identities.ts";
import { unprocessable } from "../refusal.ts";
import { applyMove, checkMovable } from "../repositories/branches.ts";
import type { Repository } from "../repositories/repository.ts";
import type { World } from "../world.ts";
import { mergeCommits } from "./mergeability.ts";
import type { PullRequestAct } from "./pull-requests.ts";

/** Returns the merge commit. Throws on a conflict. */
export function updateBranch(
  world: World,
  repository: Repository,
  { number, actor }: PullRequestAct,
): string {
  const { head, base } = repository.mustPull(number);
  const from = repository.branch(base.branch) ?? base.oid;
  const merged = mergeCommits(repository, head.oid, from);
  if (merged.kind === "conflict") throw unprocessable("merge conflict between base and head");
  const date = world.now();
  const oid = repository.objects.addCommit({
    tree: merged.tree,
    parents: [head.oid, from],
    author: authorOf(actor, date),
    committer: { ...GITHUB, date },
    message: `Merge branch '${base.branch}' into ${head.branch}`,
    signature: githubSignature(),
  });
  const move = { ref: `refs/heads/${head.branch}`, to: oid, actor };
  checkMovable(repository, move);
  applyMove(world, repository, move);
  return oid;
}
