// The commits of a source repository between two revisions.

import { GitHubFailure } from "../../api/failure.ts";
import type { RepositoryAccess } from "../../repository-access.ts";

/** In characters: whoever pushes decides the length of messages. */
const LONGEST_HEADLINE = 1_000;

export interface ComparedCommits {
  readonly compareUrl: string;
  /** Newest first; may be fewer than `total`. */
  readonly commits: readonly { readonly sha: string; readonly headline: string; readonly author: string }[];
  readonly total: number;
}

/** One request. `undefined` when GitHub does not know both revisions, or the App may not see them. */
export async function compareCommits(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ComparedCommits | undefined> {
  const about = { activity: `comparing ${owner}/${repo}`, purpose: "upkeep", content: false } as const;
  try {
    const { data } = await client.rest(about, (octokit) =>
      octokit.rest.repos.compareCommitsWithBasehead({
        owner,
        repo,
        basehead: `${from}...${to}`,
        per_page: 100,
      }),
    );
    const commits = data.commits.map(({ sha, commit, author }) => ({
      sha,
      headline: commit.message.slice(0, LONGEST_HEADLINE).split("\n")[0] ?? "",
      author: author?.login ?? commit.author?.name ?? "",
    }));
    return { compareUrl: data.html_url, commits: commits.toReversed(), total: data.total_commits };
  } catch (error) {
    const refused =
      error instanceof GitHubFailure && error.kind !== "limited" && error.kind !== "unavailable";
    if (refused) return undefined;
    throw error;
  }
}
