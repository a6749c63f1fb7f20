// The paths that a pull request changes, as far as GitHub lists them.

import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import type { InstallationClient } from "../../api/client.ts";
import { nextPage, type PageInfo } from "../next-page.ts";

/** For a query about a pull request: the number of changed files, and the first hundred. */
export const FILES_FIELD =
  "changedFiles files(first: 100) { pageInfo { hasNextPage endCursor } nodes { path } }";

export interface RawFiles {
  readonly changedFiles: number;
  /** When a diff is too large, GitHub returns no list, no error, and a count of zero. */
  readonly files: {
    readonly pageInfo: PageInfo;
    readonly nodes: readonly { readonly path: string }[];
  } | null;
}

export interface ChangedFiles {
  readonly paths: readonly string[];
  /** False when GitHub lists only some of them (3,000), or none. */
  readonly isWhole: boolean;
}

interface PullRequestName {
  readonly repository: Pick<ConfigRepository, "owner" | "name">;
  readonly number: number;
}

/**
 * `first`: the answer of an earlier query about the pull request. One request for each further hundred files; one more
 * when there is no list.
 */
export async function changedFiles(
  client: InstallationClient,
  pullRequest: PullRequestName,
  first?: RawFiles,
): Promise<ChangedFiles> {
  const paths: string[] = [];
  let page = first?.files ? first : await filesAfter(client, pullRequest);
  let after: string | undefined;
  for (let pages = 1; page?.files; pages++) {
    paths.push(...page.files.nodes.map(({ path }) => path));
    after = nextPage(page.files.pageInfo, { after, pages });
    if (after === undefined) return { paths, isWhole: paths.length >= page.changedFiles };
    page = await filesAfter(client, pullRequest, after);
  }
  return { paths, isWhole: page === undefined };
}

/** `undefined` when the pull request does not exist. */
async function filesAfter(
  client: InstallationClient,
  { repository: { owner, name }, number }: PullRequestName,
  after?: string,
): Promise<RawFiles | undefined> {
  const { repository } = await client.query<{
    readonly repository: { readonly pullRequest: RawFiles | null };
  }>(
    `reading the files of #${number}`,
    `query Files($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    changedFiles files(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { path } }
  } }
}`,
    { owner, name, number, after: after ?? null },
  );
  return repository.pullRequest ?? undefined;
}
