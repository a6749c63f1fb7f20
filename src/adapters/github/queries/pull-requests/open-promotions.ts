// All open pull requests from promotion branches, whatever the config says, and the App's closed ones under hold; read
// with the rest of the state.

import { HOLD_LABEL } from "../../../../domain/model/github/guarded-labels.ts";
import type { ClosedPromotion, OpenPromotion } from "../../../../domain/model/github/open-promotion.ts";
import { Variables } from "../../api/variables.ts";
import type { PromotionSeal } from "../../promotion-seal.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { nextPage, type PageInfo } from "../next-page.ts";
import {
  type AppIdentity,
  AUTHORSHIP,
  isByApp,
  isCommitByApp,
  type RawActor,
  type RawAuthorship,
} from "./by-app.ts";
import { type RawTimeline, readTimeline, TIMELINE, withClosing } from "./timeline.ts";

const BRANCHES = 100;
/**
 * Files read of each: a promotion changes a manifest, a lock, and some values files and archives. With more, the list
 * counts as unknown.
 */
const FILES = 20;
/** Commits among which the App's newest is searched. */
const COMMITS = 10;
/** A withdrawn promotion under hold is soon replaced by an open one, which then gets the hold. */
const HELD = 10;

/** Of a `PullRequest`. */
const FIELDS = `id number headRefName baseRefName author { login __typename }
        changedFiles files(first: ${FILES}) { nodes { path } }
        commits(last: ${COMMITS}) { nodes { commit { message ${AUTHORSHIP} } } }`;

/** A field of `Repository`, to be read with `readOpenPromotions`. */
export function openPromotionsField(variables: Variables, after?: string): string {
  const page = after === undefined ? "" : `, after: ${variables.add(after)}`;
  return `promotions: refs(refPrefix: "refs/heads/promote/", first: ${BRANCHES}${page}) {
      pageInfo { hasNextPage endCursor }
      nodes { associatedPullRequests(states: [OPEN], first: 5) { nodes {
        ${FIELDS}
      } } }
    }`;
}

/** A field of `Repository`, to be read with `readHeldPromotions`. */
export function heldPromotionsField(variables: Variables): string {
  const label = variables.add(HOLD_LABEL);
  return `held: pullRequests(states: [CLOSED], labels: [${label}], first: ${HELD}, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes {
        body ${TIMELINE}
        ${FIELDS}
      }
    }`;
}

/** Alone, as much may be said under each of them. One request. */
export async function queryHeldPromotions({
  client,
  repository,
}: Pick<RepositoryAccess, "client" | "repository">): Promise<RawHeldPromotions> {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const field = heldPromotionsField(variables);
  const answer = await client.query<{ readonly repository: { readonly held: RawHeldPromotions } }>(
    `listing held promotions of ${repository.owner}/${repository.name}`,
    `query HeldPromotions(${variables.declarations()}) { repository(owner: ${owner}, name: ${name}) { ${field} } }`,
    variables.values(),
  );
  return answer.repository.held;
}

export interface RawHeldPromotions {
  readonly nodes: readonly (RawOpen & { readonly body: string; readonly timelineItems: RawTimeline })[];
}

/** One more request for each hundred timeline items after the closing. */
export async function readHeldPromotions(
  { nodes }: RawHeldPromotions,
  access: RepositoryAccess,
): Promise<readonly ClosedPromotion[]> {
  const app = await access.app.identity();
  const own = nodes.filter(({ author }) => isByApp(author, app.slug));
  const whole = await Promise.all(own.map((raw) => withClosing(access, raw)));
  return whole.map((raw) => ({
    ...readOpen(raw, app, access.seal),
    ...readTimeline(raw.timelineItems, app.slug),
    body: raw.body,
  }));
}

export interface RawPromotions {
  readonly pageInfo: PageInfo;
  readonly nodes: readonly { readonly associatedPullRequests: { readonly nodes: readonly RawOpen[] } }[];
}
interface RawOpen {
  readonly id: string;
  readonly number: number;
  readonly headRefName: string;
  readonly baseRefName: string;
  readonly author: RawActor | null;
  readonly changedFiles: number;
  readonly files: { readonly nodes: readonly { readonly path: string }[] } | null;
  readonly commits: {
    readonly nodes: readonly { readonly commit: RawAuthorship & { readonly message: string } }[];
  };
}

/** One more request for each further hundred branches. */
export async function readOpenPromotions(
  first: RawPromotions,
  { client, repository, app: us, seal }: RepositoryAccess,
): Promise<readonly OpenPromotion[]> {
  const app = await us.identity();
  const found = openIn(first, app, seal);
  let after = nextPage(first.pageInfo, { pages: 1 });
  for (let pages = 2; after !== undefined; pages++) {
    const variables = new Variables();
    const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
    const field = openPromotionsField(variables, after);
    const answer = await client.query<{ readonly repository: { readonly promotions: RawPromotions } }>(
      `listing promotions of ${repository.owner}/${repository.name}`,
      `query OpenPromotions(${variables.declarations()}) { repository(owner: ${owner}, name: ${name}) { ${field} } }`,
      variables.values(),
    );
    found.push(...openIn(answer.repository.promotions, app, seal));
    after = nextPage(answer.repository.promotions.pageInfo, { after, pages });
  }
  return found;
}

function openIn({ nodes }: RawPromotions, app: AppIdentity, seal: PromotionSeal): OpenPromotion[] {
  return nodes.flatMap(({ associatedPullRequests }) =>
    associatedPullRequests.nodes.map((pull) => readOpen(pull, app, seal)),
  );
}

function readOpen(raw: RawOpen, app: AppIdentity, seal: PromotionSeal): OpenPromotion {
  const newest = raw.commits.nodes.findLast(
    ({ commit }) => isCommitByApp(commit, app) && seal.isSealed(commit.message, raw.headRefName),
  );
  return {
    id: raw.id,
    number: raw.number,
    branch: raw.headRefName,
    baseBranch: raw.baseRefName,
    byApp: isByApp(raw.author, app.slug),
    ...(newest && { message: newest.commit.message }),
    files: filesOf(raw),
  };
}

/** Empty unless complete: a partial list cannot prove that a folder is unchanged. */
function filesOf({ files, changedFiles }: RawOpen): readonly string[] {
  const paths = (files?.nodes ?? []).map(({ path }) => path);
  return paths.length >= changedFiles ? paths : [];
}
