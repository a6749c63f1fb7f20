// The commits of one push, and the recently merged pull requests that may explain it.

import type { PushedRange, PushQuery } from "../../../../domain/model/github/merge.ts";
import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import type { InstallationClient } from "../../api/client.ts";
import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { MERGE_COMMIT, type RawMergeCommit, readMergeCommit } from "../pull-requests/merge-commit.ts";
import { type RawFolders, readTrees, treeFields } from "./folders.ts";

const COMMITS = 100;
/** Pages of commits; of a larger push only the newest commits are examined. */
const PAGES = 20;
/** For a missed push `before` may not even be an ancestor of `after`. */
const PAGES_OF_MISSED = 3;
/** Far more than a merge queue merges in one push. */
const MERGES = 50;

/**
 * Starts from the pull requests instead of the commits: GitHub's index of a commit's pull requests lags behind a merge,
 * while a pull request's merge commit is available at once. One request for a push of up to a hundred commits;
 * `undefined` when the branch does not have the commit any more, or `before` of a missed push is no ancestor.
 */
export async function pushRange(
  { client, repository }: RepositoryAccess,
  query: PushQuery,
): Promise<PushedRange | undefined> {
  const { before, after, forced, environments, missed = false } = query;
  const commits: RawCommit[] = [];
  let first: RawRange | undefined;
  let cursor: string | undefined;
  for (let page = 0; page < (missed ? PAGES_OF_MISSED : PAGES); page++) {
    const range = await readRange(client, repository, { ...query, ...(cursor !== undefined && { cursor }) });
    if (!range.after?.history) return undefined;
    first ??= range;
    const { nodes, pageInfo } = range.after.history;
    commits.push(...nodes);
    cursor = pageInfo.endCursor ?? undefined;
    if (forced || !pageInfo.hasNextPage || wayDown(commits, after, before) !== "goes on") break;
  }
  if (missed && wayDown(commits, after, before) !== "reaches it") return undefined;
  return {
    before,
    after,
    forced,
    commits: commits.map((commit) => ({
      oid: commit.oid,
      parents: commit.parents.nodes.map(({ oid }) => oid),
      headline: commit.messageHeadline,
      folders: readTrees(commit, environments),
    })),
    foldersBefore: readTrees(first?.before ?? {}, environments),
    merges: (first?.pullRequests.nodes ?? []).flatMap(({ headRefOid, commits: own, mergeCommit }) =>
      mergeCommit
        ? [{ headOid: headRefOid, commitCount: own.totalCount, mergeCommit: readMergeCommit(mergeCommit) }]
        : [],
    ),
  };
}

/** Where the first parents from `after` lead: to `before`, past it to the root, or further than was read. */
function wayDown(
  commits: readonly RawCommit[],
  after: string,
  before: string,
): "reaches it" | "misses it" | "goes on" {
  const parents = new Map(commits.map(({ oid, parents: { nodes } }) => [oid, nodes[0]?.oid]));
  let at: string | undefined = after;
  while (at !== undefined && at !== before && parents.has(at)) at = parents.get(at);
  if (at === undefined) return "misses it";
  return at === before ? "reaches it" : "goes on";
}

async function readRange(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  { branch, before, after, environments, cursor }: PushQuery & { readonly cursor?: string },
): Promise<RawRange> {
  const variables = new Variables();
  const [owner, name, base] = [repository.owner, repository.name, branch].map((text) => variables.add(text));
  const [from, to] = [variables.add(before, "GitObjectID"), variables.add(after, "GitObjectID")];
  const trees = treeFields(environments, variables);
  const page = cursor === undefined ? "" : `, after: ${variables.add(cursor)}`;
  const answer = await client.query<{ readonly repository: RawRange }>(
    `looking at a push to ${branch}`,
    `query PushRange(${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${owner}, name: ${name}) {
    after: object(oid: ${to}) { ... on Commit { history(first: ${COMMITS}${page}) {
      pageInfo { hasNextPage endCursor }
      nodes { oid messageHeadline parents(first: 2) { nodes { oid } } ${trees} }
    } } }
    before: object(oid: ${from}) { ... on Commit { ${trees} } }
    pullRequests(baseRefName: ${base}, states: [MERGED], first: ${MERGES}, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { headRefOid commits(first: 1) { totalCount } mergeCommit { ${MERGE_COMMIT} } }
    }
  }
}`,
    variables.values(),
  );
  return answer.repository;
}

type RawCommit = RawFolders & {
  readonly oid: string;
  readonly messageHeadline: string;
  readonly parents: { readonly nodes: readonly { readonly oid: string }[] };
};
interface RawRange {
  readonly after: {
    readonly history?: {
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: readonly RawCommit[];
    };
  } | null;
  readonly before: RawFolders | null;
  readonly pullRequests: {
    readonly nodes: readonly {
      readonly headRefOid: string;
      readonly commits: { readonly totalCount: number };
      readonly mergeCommit: RawMergeCommit | null;
    }[];
  };
}
