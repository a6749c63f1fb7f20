// The texts of the commit that a pull request began at. That is its first commit's parent where nobody merged anything into it;
// else what is compared with is the newest commit that it shares with its base, and only the comparison tells which that is.

import type { PullRequestQuery } from "../../../../domain/model/github/checked-pull-request.ts";
import { inRepository } from "../../../../domain/model/repository-path.ts";
import type { Files } from "../../../../domain/model/umbrella.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { textsAt } from "../git/texts-at.ts";
import type { RawHeadCommit, RawPull } from "./head-query.ts";

/** Whether each commit stands on the one before: further back than was read, nobody knows. */
export function isOneLine({ newest: { nodes, totalCount } }: Pick<RawPull, "newest">): boolean {
  return nodes.length === totalCount && nodes.every(({ commit }) => (commit.parents?.nodes.length ?? 2) <= 1);
}

/** By environment; `undefined` where either branch is gone. Two requests. */
export async function textsAtMergeBase(
  access: RepositoryAccess,
  { environments }: PullRequestQuery,
  { base, head }: { readonly [at in "base" | "head"]: RawHeadCommit | null | undefined },
): Promise<ReadonlyMap<string, Files> | undefined> {
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
  const { sha } = data.merge_base_commit;
  const paths = environments.flatMap(({ path, files }) => files.map((file) => inRepository(path, file)));
  const texts = (await textsAt(access, { commits: [sha], paths: [...new Set(paths)] })).get(sha);
  return new Map(
    environments.map(({ name, path, files }) => {
      const found = files.flatMap((file) => {
        const text = texts?.get(inRepository(path, file));
        return text === undefined ? [] : [[file, text] as const];
      });
      return [name, new Map(found)];
    }),
  );
}
