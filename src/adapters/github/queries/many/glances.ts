// Glances at many repositories of one installation with one document: a fingerprint of everything on GitHub that a full
// resync could find changed.

import { DEFAULTS_FILE } from "../../../../domain/model/config/config.ts";
import type { GlanceQuery } from "../../../../domain/model/github/observed-state.ts";
import { Variables } from "../../api/variables.ts";
import type { InstallationAccess } from "../../repository-access.ts";

const PROMOTIONS = 100;
const OPEN = 20;
const ISSUES = 10;
/**
 * Newest comments of each pull request and issue: an edited comment does not always change its pull request's
 * timestamp.
 */
const COMMENTS = 20;

const NEWEST_FIRST = "orderBy: { field: UPDATED_AT, direction: DESC }";
const COMMENTED = `number updatedAt comments(last: ${COMMENTS}) { totalCount nodes { updatedAt } }`;

/**
 * A text that stays the same until something changes. One request. Leaves out repositories that GitHub does not show,
 * and those with more items than are listed here.
 */
export async function glanceAtMany(
  { client }: InstallationAccess,
  queries: readonly GlanceQuery[],
): Promise<ReadonlyMap<number, string>> {
  const variables = new Variables();
  const parts = queries.map((one, at) => glanceFields(one, at, variables));
  const answer = await client.query<Readonly<Record<string, RawGlance | object | null>>>(
    `glancing at ${queries.length} repositories`,
    `query Glance(${variables.declarations()}) {
  rateLimit { cost remaining resetAt }
${parts.join("\n")}
}`,
    variables.values(),
  );
  return new Map(
    queries.flatMap(({ repository, extended }, at) => {
      const found = answer[`maybe${at}`];
      const defaults = answer[`maybe${at}_defaults`];
      if (!found || !isGlance(found) || !isWhole(found) || (extended && !defaults)) return [];
      return [[repository.id, JSON.stringify([found, defaults])] as const];
    }),
  );
}

function glanceFields(
  { repository, branches, extended }: GlanceQuery,
  at: number,
  variables: Variables,
): string {
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const heads = branches.map((branch, index) => {
    const ref = variables.add(`refs/heads/${branch}`);
    return `b${index}: ref(qualifiedName: ${ref}) { target { oid } }`;
  });
  const glance = `  maybe${at}: repository(owner: ${owner}, name: ${name}) {
    nameWithOwner isArchived isDisabled autoMergeAllowed
    defaultBranchRef { name target { oid } } ${heads.join(" ")}
    promotions: refs(refPrefix: "refs/heads/promote/", first: ${PROMOTIONS}) { totalCount nodes { name target { oid } } }
    open: pullRequests(states: [OPEN], first: ${OPEN}, ${NEWEST_FIRST}) { totalCount nodes { headRefOid ${COMMENTED} } }
    closed: pullRequests(states: [CLOSED, MERGED], first: 1, ${NEWEST_FIRST}) { totalCount nodes { number updatedAt } }
    issues(states: [OPEN], first: ${ISSUES}, ${NEWEST_FIRST}) { totalCount nodes { ${COMMENTED} } }
    closedIssues: issues(states: [CLOSED], first: 1, ${NEWEST_FIRST}) { totalCount nodes { number updatedAt } }
  }`;
  if (!extended) return glance;
  const [owner2, name2] = [variables.add(extended.owner), variables.add(extended.name)];
  const defaults = variables.add(DEFAULTS_FILE);
  return `${glance}
  maybe${at}_defaults: repository(owner: ${owner2}, name: ${name2}) {
    defaultBranchRef { target { ... on Commit { file(path: ${defaults}) { oid } } } }
  }`;
}

interface RawList {
  readonly totalCount: number;
  readonly nodes: readonly { readonly comments?: RawList }[];
}
interface RawGlance {
  readonly promotions: RawList | null;
  readonly open: RawList;
  readonly issues: RawList;
}

function isGlance(found: RawGlance | object): found is RawGlance {
  return "promotions" in found;
}

/** For closed pull requests the newest shows whether anything has changed. */
function isWhole({ promotions, open, issues }: RawGlance): boolean {
  const lists = [open, issues, ...(promotions ? [promotions] : [])];
  return lists.every(({ totalCount, nodes }) => totalCount <= nodes.length && nodes.every(isCommentedWhole));
}

function isCommentedWhole({ comments }: RawList["nodes"][number]): boolean {
  return comments === undefined || comments.totalCount <= comments.nodes.length;
}
