// All file paths of a commit.

import type { RepositoryAccess } from "../../repository-access.ts";

/** One request. `isWhole`: false when GitHub truncated the list, at 100,000 entries or 7 MB. */
export async function filePaths(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  commit: string,
): Promise<{ readonly paths: readonly string[]; readonly isWhole: boolean }> {
  const about = { activity: `listing ${owner}/${repo}`, purpose: "upkeep", content: false } as const;
  const { data } = await client.rest(about, (octokit) =>
    octokit.rest.git.getTree({ owner, repo, tree_sha: commit, recursive: "true" }),
  );
  const paths = data.tree.flatMap(({ type, path }) => (type === "blob" ? [path] : []));
  return { paths, isWhole: !data.truncated };
}
