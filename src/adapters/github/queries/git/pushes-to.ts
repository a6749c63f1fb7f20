// When a branch was moved and by whom. Commits do not tell: their dates are set by their author.

import type { BranchPush } from "../../../../reconcile/ports/github/branch-github.ts";
import type { RepositoryAccess } from "../../repository-access.ts";

const NEWEST = 100;
const ZERO = /^0+$/;

export async function pushesTo(
  { client, repository: { owner, name: repo }, app }: RepositoryAccess,
  branch: string,
): Promise<readonly BranchPush[]> {
  const login = `${await app.slug()}[bot]`;
  const about = {
    activity: `reading who pushed to ${branch}`,
    purpose: "promotion",
    content: false,
  } as const;
  const { data } = await client.rest(about, (octokit) =>
    octokit.rest.repos.listActivities({ owner, repo, ref: `refs/heads/${branch}`, per_page: NEWEST }),
  );
  return data
    .filter(({ after }) => !ZERO.test(after))
    .map(({ after, timestamp, actor }) => ({
      after,
      at: new Date(timestamp),
      byApp: actor?.login === login,
    }));
}
