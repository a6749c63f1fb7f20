// The commit that a merge started from: the state of the branch before it.

export interface MergeHistory {
  /** The merge commit, followed by its ancestors in any order. */
  readonly commits: readonly {
    readonly oid: string;
    readonly message: string;
    readonly parents: readonly string[];
  }[];
  /** Messages of the pull request's own commits, all of them, oldest first. */
  readonly messages: readonly string[];
}

/**
 * The first parent of the merge commit; for a rebase of several commits, the parent of the first of them. A rebase is
 * recognised by the branch ending in the pull request's own messages, which a squash of several commits never does.
 */
export function commitBefore({ commits, messages }: MergeHistory): string | undefined {
  const [merge] = commits;
  if (!merge || merge.parents.length > 1 || messages.length < 2) return merge?.parents[0];
  const byOid = new Map(commits.map((commit) => [commit.oid, commit]));
  let at: (typeof commits)[number] | undefined = merge;
  for (const message of messages.toReversed().slice(0, -1)) {
    if (at?.message !== message) return merge.parents[0];
    at = byOid.get(at.parents[0] ?? "");
  }
  return at?.message === messages[0] ? at?.parents[0] : merge.parents[0];
}
