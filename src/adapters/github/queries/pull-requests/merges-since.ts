// Merged pull requests by branch, with the App's deployments of them: for backfills, and for restoring a lost database.

import type { Repeat } from "../../../../domain/model/deployment.ts";
import type { MergedPullRequest } from "../../../../domain/model/github/merge.ts";
import { ONBOARDING_BRANCH } from "../../../../domain/model/github/onboarding-branch.ts";
import type { ConfigRepository } from "../../../../domain/model/github/repository.ts";
import type { InstallationClient } from "../../api/client.ts";
import { Variables } from "../../api/variables.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { nextPage, type PageInfo } from "../next-page.ts";
import {
  DEPLOYMENT,
  isUnderWay,
  type RawDeployment,
  readDeployment,
  repeatIn,
} from "../standing-deployment.ts";
import { isByApp, loginOf, type RawActor } from "./by-app.ts";

const PAGE = 50;

/**
 * Newest first for each branch. `since`: merges after that, and perhaps earlier ones; without it the newest page only.
 * `intoAny`: also merges into other branches, such as deleted ones. One request for all branches; one more for each
 * further page.
 */
export async function mergesSince(
  { client, repository, app }: RepositoryAccess,
  query: MergesQuery,
): Promise<readonly MergedPullRequest[]> {
  const slug = await app.slug();
  const found = new Map<number, MergedPullRequest>();
  let open: readonly Cursor[] = [
    ...query.branches.map((branch) => ({ branch })),
    ...(query.intoAny ? [{}] : []),
  ];
  for (let round = 1; open.length > 0; round++) {
    const pages = await readPages(client, repository, open);
    for (const pull of pages.flatMap(({ nodes }) => nodes)) found.set(pull.number, readPull(pull, slug));
    open = pages.flatMap(({ after, nodes, pageInfo, ...cursor }) => {
      const oldest = nodes.at(-1);
      const more = query.since && oldest && new Date(oldest.updatedAt) > query.since;
      const next = more ? nextPage(pageInfo, { after, pages: round }) : undefined;
      return next === undefined ? [] : [{ ...cursor, after: next }];
    });
  }
  return [...found.values()];
}

interface MergesQuery {
  readonly branches: readonly string[];
  readonly since?: Date;
  readonly intoAny?: boolean;
}

interface Cursor {
  /** Absent: any branch. */
  readonly branch?: string;
  readonly after?: string;
}

/** Ordered by last update: a pull request merged after an instant was also updated after it. */
async function readPages(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  cursors: readonly Cursor[],
): Promise<readonly (RawPage & Cursor)[]> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const pages = cursors.map(({ branch, after }, index) => {
    const from = after === undefined ? "" : `, after: ${variables.add(after)}`;
    const into = branch === undefined ? "" : `baseRefName: ${variables.add(branch)}, `;
    return `b${index}: pullRequests(${into}states: [MERGED], first: ${PAGE}${from}, orderBy: { field: UPDATED_AT, direction: DESC }) { ...Page }`;
  });
  const answer = await client.query<{ readonly repository: Readonly<Record<string, RawPage>> }>(
    `looking for merges in ${repository.owner}/${repository.name}`,
    `query MergesSince(${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
  repository(owner: ${owner}, name: ${name}) { ${pages.join("\n")} }
}
fragment Page on PullRequestConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    number baseRefName baseRef { name } headRefName createdAt mergedAt updatedAt author { login __typename } mergedBy { login __typename }
    labels(first: 100) { nodes { name } }
    mergeCommit { oid deployments(first: 10) { nodes {
      ${DEPLOYMENT}
    } } }
  }
}`,
    variables.values(),
  );
  return cursors.flatMap((cursor, index) => {
    const page = answer.repository[`b${index}`];
    return page ? [{ ...cursor, ...page }] : [];
  });
}

interface RawPage {
  readonly pageInfo: PageInfo;
  readonly nodes: readonly RawPull[];
}
interface RawPull {
  readonly number: number;
  readonly baseRefName: string;
  readonly baseRef: { readonly name: string } | null;
  readonly headRefName: string;
  readonly createdAt: string;
  readonly mergedAt: string;
  readonly updatedAt: string;
  readonly author: RawActor | null;
  readonly mergedBy: RawActor | null;
  readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null;
  readonly mergeCommit: {
    readonly oid: string;
    readonly deployments: { readonly nodes: readonly RawDeployment[] };
  } | null;
}
function readPull(
  { number, baseRefName, baseRef, headRefName, author, mergedBy, labels, mergeCommit, ...raw }: RawPull,
  slug: string,
): MergedPullRequest {
  const own = (mergeCommit?.deployments.nodes ?? []).filter(({ creator }) => isByApp(creator, slug));
  return {
    number,
    base: baseRefName,
    baseIsGone: baseRef === null,
    headBranch: headRefName,
    byApp: isByApp(author, slug),
    offersConfig: isByApp(author, slug) && headRefName === ONBOARDING_BRANCH,
    createdAt: new Date(raw.createdAt),
    mergedAt: new Date(raw.mergedAt),
    ...(mergedBy && { mergedBy: loginOf(mergedBy) }),
    ...(mergeCommit && { sha: mergeCommit.oid }),
    labels: (labels?.nodes ?? []).map(({ name }) => name),
    deployments: own.filter(({ task }) => task === "deploy").map(readDeployment),
    underWay: own.filter(isUnderWay).map((one) => ({ ...readDeployment(one), ...repeated(one) })),
  };
}

function repeated(one: RawDeployment): { readonly repeats?: Repeat } {
  const repeats = repeatIn(one);
  return repeats ? { repeats } : {};
}
