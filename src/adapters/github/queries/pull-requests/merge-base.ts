// A pull request's merge base, and the changes since. Without merges into the branch and force pushes of the base it is
// the parent of the first commit; otherwise only GitHub's comparison tells it.

import type { RepositoryAccess } from "../../repository-access.ts";
import type { ChangedFiles } from "../git/changed-files.ts";
import type { RawHeadCommit, RawPull } from "./head-query.ts";

/** Whether the commits form one line without merges; false when not all of them were read. */
export function isOneLine({ newest: { nodes, totalCount } }: Pick<RawPull, "newest">): boolean {
  return nodes.length === totalCount && nodes.every(({ commit }) => (commit.parents?.nodes.length ?? 2) <= 1);
}

/** GitHub lists at most this many files of a comparison. */
const MOST_FILES = 300;

export interface MergeBase {
  readonly oid: string;
  /**
   * Paths that the head changed since the merge base. GitHub's own list for a pull request may refer to an older base.
   */
  readonly changed: ChangedFiles;
}

/** `undefined` when either commit is missing. One request. */
export async function readMergeBase(
  access: RepositoryAccess,
  { base, head }: { readonly [at in "base" | "head"]: RawHeadCommit | null | undefined },
): Promise<MergeBase | undefined> {
  if (!base || !head) return undefined;
  const { owner, name: repo } = access.repository;
  const about = {
    activity: `comparing ${base.oid} with ${head.oid}`,
    purpose: "promotion",
    content: false,
  } as const;
  const { data } = await access.client.rest(about, (octokit) =>
    octokit.rest.repos.compareCommitsWithBasehead({
      ...{ owner, repo, basehead: `${base.oid}...${head.oid}`, per_page: 1 },
    }),
  );
  const changes = data.files ?? [];
  // A renamed file changes both paths.
  const changed = changes.flatMap(({ filename, previous_filename: from }) => [
    filename,
    ...(from === undefined ? [] : [from]),
  ]);
  return {
    oid: data.merge_base_commit.sha,
    changed: { paths: changed, isWhole: changes.length < MOST_FILES },
  };
}
