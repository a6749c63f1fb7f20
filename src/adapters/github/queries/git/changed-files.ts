// The paths that a pull request changes, however many.

import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import type { InstallationClient } from "../../api/client.ts";
import { nextPage, type PageInfo } from "../next-page.ts";

/** For a query about a pull request: its first hundred files. */
export const FILES_FIELD = "files(first: 100) { pageInfo { hasNextPage endCursor } nodes { path } }";

export interface RawFiles {
  readonly pageInfo: PageInfo;
  readonly nodes: readonly { readonly path: string }[];
}

interface ChangedFiles {
  readonly repository: Pick<ConfigRepository, "owner" | "name">;
  readonly number: number;
  /** What the query about the pull request answered already; absent where there was none. */
  readonly first?: RawFiles | null;
}

/** One request for each hundred that was not answered already. */
export async function changedFiles(
  client: InstallationClient,
  { repository, number, first }: ChangedFiles,
): Promise<readonly string[]> {
  const paths: string[] = [];
  let page = first === undefined ? await filesAfter(client, { repository, number }) : first;
  let after: string | undefined;
  for (let pages = 1; page; pages++) {
    paths.push(...page.nodes.map(({ path }) => path));
    after = nextPage(page.pageInfo, { after, pages });
    page = after === undefined ? null : await filesAfter(client, { repository, number, after });
  }
  return paths;
}

async function filesAfter(
  client: InstallationClient,
  about: Pick<ChangedFiles, "repository" | "number"> & { readonly after?: string },
): Promise<RawFiles | null> {
  const { owner, name } = about.repository;
  const { repository } = await client.query<{
    readonly repository: { readonly pullRequest: { readonly files: RawFiles | null } | null };
  }>(
    `reading the files of #${about.number}`,
    `query Files($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    files(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { path } }
  } }
}`,
    { owner, name, number: about.number, after: about.after ?? null },
  );
  return repository.pullRequest?.files ?? null;
}
