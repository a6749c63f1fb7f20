// Which commit a merge started from, so that "from" is what the branch had before it.

export interface MergeHistory {
  /** The branch's commits from the merge commit backwards. */
  readonly commits: readonly { readonly oid: string; readonly message: string; readonly parents: readonly string[] }[];
  /** Messages of the pull request's own commits, oldest first. */
  readonly messages: readonly string[];
}

/**
 * The first parent of the merge commit; for a rebase of several commits, the parent of the first of them. A rebase is
 * recognised by the branch ending in the pull request's own messages, which a squash of several commits never does.
 */
export function commitBefore({ commits, messages }: MergeHistory): string | undefined {
  const [merge] = commits;
  if (!merge || merge.parents.length > 1) return merge?.parents[0];
  const rebased = messages.length > 1 && messages.every((message, at) => commits[messages.length - 1 - at]?.message === message);
  const first = rebased ? commits[messages.length - 1] : merge;
  return first?.parents[0];
}
