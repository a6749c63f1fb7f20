// What was merged into branches, and which deployments of the App stand on it: for merges that nobody told of, and to
// know again what a lost database knew.

import type { Moved } from "../model/deployment.ts";
import type { MergedPullRequest, StandingDeployment } from "../model/merge.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { InstallationClient } from "./client.ts";
import { isOurs } from "./look.ts";
import { Variables } from "./variables.ts";

const PAGE = 50;

/**
 * Newest first for each branch. `since`: everything merged after then, and perhaps more; without it the newest page only.
 * One request, however many branches; one more for each further page.
 */
export async function mergesSince(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  asked: { readonly branches: readonly string[]; readonly since?: Date; readonly slug: string },
): Promise<readonly MergedPullRequest[]> {
  const found: MergedPullRequest[] = [];
  let open = asked.branches.map((branch): Cursor => ({ branch }));
  while (open.length > 0) {
    const pages = await readPages(client, repository, open);
    found.push(...pages.flatMap(({ nodes }) => nodes.map((pull) => readPull(pull, asked.slug))));
    open = pages.flatMap(({ branch, nodes, pageInfo }) => {
      const oldest = nodes.at(-1);
      const more = asked.since && oldest && new Date(oldest.updatedAt) > asked.since;
      return more && pageInfo.hasNextPage && pageInfo.endCursor
        ? [{ branch, after: pageInfo.endCursor }]
        : [];
    });
  }
  return found;
}

interface Cursor {
  readonly branch: string;
  readonly after?: string;
}

/** By the time of the last update: what was merged after an instant was also updated after it. */
async function readPages(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  cursors: readonly Cursor[],
): Promise<readonly (RawPage & Cursor)[]> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const pages = cursors.map(({ branch, after }, index) => {
    const from = after === undefined ? "" : `, after: ${variables.add(after)}`;
    return `b${index}: pullRequests(baseRefName: ${variables.add(branch)}, states: [MERGED], first: ${PAGE}${from}, orderBy: { field: UPDATED_AT, direction: DESC }) { ...Page }`;
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
    number baseRefName mergedAt updatedAt
    labels(first: 100) { nodes { name } }
    mergeCommit { oid deployments(first: 10) { nodes {
      databaseId environment task payload state createdAt creator { login __typename }
      statuses(first: 10) { nodes { state createdAt } }
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
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly RawPull[];
}
interface RawPull {
  readonly number: number;
  readonly baseRefName: string;
  readonly mergedAt: string;
  readonly updatedAt: string;
  readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null;
  readonly mergeCommit: {
    readonly oid: string;
    readonly deployments: { readonly nodes: readonly RawDeployment[] };
  } | null;
}
interface RawDeployment {
  readonly databaseId: number;
  readonly environment: string | null;
  readonly task: string | null;
  /** JSON text. */
  readonly payload: string | null;
  readonly state: string | null;
  readonly createdAt: string;
  readonly creator: { readonly login: string; readonly __typename: string } | null;
  readonly statuses: {
    readonly nodes: readonly { readonly state: string; readonly createdAt: string }[];
  } | null;
}

function readPull(
  { number, baseRefName, mergedAt, labels, mergeCommit }: RawPull,
  slug: string,
): MergedPullRequest {
  const ours = (mergeCommit?.deployments.nodes ?? []).filter(
    ({ creator, task }) => task === "deploy" && isOurs(creator, slug),
  );
  return {
    number,
    base: baseRefName,
    mergedAt: new Date(mergedAt),
    ...(mergeCommit && { sha: mergeCommit.oid }),
    labels: (labels?.nodes ?? []).map(({ name }) => name),
    deployments: ours.map(readDeployment),
  };
}

const STATES: Readonly<Record<string, StandingDeployment["state"]>> = {
  SUCCESS: "success",
  FAILURE: "failure",
  ERROR: "error",
  INACTIVE: "inactive",
  IN_PROGRESS: "in_progress",
  QUEUED: "queued",
  PENDING: "held",
};

/** GitHub makes a success inactive when a later deployment succeeds; it was a success all the same. */
function readDeployment({
  databaseId,
  environment,
  payload,
  createdAt,
  statuses,
}: RawDeployment): StandingDeployment {
  const told = statuses?.nodes ?? [];
  const status = told.find(({ state }) => state === "SUCCESS") ?? told[0];
  return {
    id: databaseId,
    environment: environment ?? "",
    promotions: movesIn(payload),
    state: STATES[status?.state ?? ""] ?? "queued",
    createdAt: new Date(createdAt),
    changedAt: new Date(status?.createdAt ?? createdAt),
  };
}

/** What the App wrote when it made the deployment. */
function movesIn(payload: string | null): readonly Moved[] {
  const written: unknown = payload === null ? {} : JSON.parse(payload);
  const fields = typeof written === "string" ? JSON.parse(written) : written;
  const promotions: unknown = fields?.promotions;
  return Array.isArray(promotions) ? promotions.filter(isMoved) : [];
}

function isMoved(value: unknown): value is Moved {
  const move: Readonly<Record<string, unknown>> = Object(value);
  return ["chart", "from", "to"].every((key) => typeof move[key] === "string");
}
