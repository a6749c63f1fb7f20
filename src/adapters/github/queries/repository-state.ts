// The one query behind every decision: a repository's config file, its environments at their heads, their promotion
// branches and the pull requests that came from them, all in a single answer.

import { CONFIG_FILE } from "../../../domain/model/config/config-file.ts";
import type {
  EnvironmentQuery,
  ObservedState,
  StateQuery,
} from "../../../domain/model/github/observed-state.ts";
import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import type {
  BlobFile,
  Comment,
  Commit,
  ObservedBranch,
  ObservedPullRequest,
  Snapshot,
} from "../../../domain/model/github/snapshot.ts";
import { belowFolder, inRepository } from "../../../domain/model/repository-path.ts";
import { Variables } from "../api/variables.ts";
import type { RepositoryAccess } from "../repository-access.ts";
import { withWholeTexts } from "./git/whole-texts.ts";
import { labelFields, namesAsked, type RawLabels, type RawNames, readNames, userFields } from "./names.ts";
import {
  type AppIdentity,
  AUTHORSHIP,
  isByApp,
  isCommitByApp,
  type RawActor,
  type RawAuthorship,
} from "./pull-requests/by-app.ts";
import {
  openPromotionsField,
  type RawPromotions,
  readOpenPromotions,
} from "./pull-requests/open-promotions.ts";

/** How many of a branch's pull requests are read: enough to see what was declined since the last merge. */
const PULL_REQUESTS = 10;
/** How many commits of a pull request are read; whose those before them are is asked when it matters. */
const COMMITS = 20;

/** Fields of a `Commit` that `readCommit` reads. */
export const COMMIT = `oid message tree { oid } parents(first: 2) { nodes { oid } } ${AUTHORSHIP}`;

/**
 * Reads everything at once. One request, or more when an environment's files were too long for the answer.
 * Throws `GitHubFailure`; "missing" means that the App no longer sees the repository.
 */
export async function fetchRepositoryState(
  access: RepositoryAccess,
  asked: StateQuery,
): Promise<ObservedState> {
  const { client, repository } = access;
  const { environments } = asked;
  const app = await access.app.identity();
  const { document, variables } = stateQuery(repository, asked);
  const root = await client.query<RawLook>(
    `reading ${repository.owner}/${repository.name}`,
    document,
    variables,
  );
  const { repository: found } = root;
  const state = readState(found, environments, app);
  const snapshots = new Map<string, Snapshot>();
  for (const [name, snapshot] of state.snapshots)
    snapshots.set(name, await withWholeTexts(client, repository, snapshot));
  return {
    ...state,
    snapshots,
    ...(found.promotions && { openPromotions: await readOpenPromotions(found.promotions, access) }),
    ids: readNames(namesAsked(environments), root, found),
  };
}

/** What the answer itself holds. */
export function readState(
  found: RawRepository,
  environments: readonly EnvironmentQuery[],
  app: AppIdentity,
): Omit<ObservedState, "ids"> {
  const { defaultBranchRef: head, open, merged, issues } = found;
  const config = head?.target?.config?.object;
  const snapshots = environments.flatMap((environment, index) => {
    const snapshot = readSnapshot({ found, environment, index, app });
    return snapshot ? [[environment.name, snapshot] as const] : [];
  });
  return {
    nodeId: found.id,
    nameWithOwner: found.nameWithOwner,
    archived: found.isArchived || found.isDisabled,
    autoMergeAllowed: found.autoMergeAllowed,
    ...(head && { defaultBranch: head.name }),
    ...(head?.target && { defaultHead: head.target.oid }),
    ...(config && { config: { oid: config.oid, text: config.text ?? "" } }),
    snapshots: new Map(snapshots),
    ...(open &&
      merged &&
      issues && {
        counts: {
          openPullRequests: open.totalCount,
          mergedPullRequests: merged.totalCount,
          openIssues: issues.totalCount,
        },
      }),
  };
}

/** The document and its variables; names in it are generated, every text from outside is a variable. */
function stateQuery(
  repository: Pick<ConfigRepository, "owner" | "name">,
  { environments, openPromotions = false }: StateQuery,
): { readonly document: string; readonly variables: Readonly<Record<string, string>> } {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const names = namesAsked(environments);
  const [users, labels] = [userFields(names, variables), labelFields(names, variables)];
  const fields = stateFields(environments, variables);
  const lists = openPromotions ? `${COUNTS}\n    ${openPromotionsField(variables)}` : "";
  const document = `query Look(${variables.declarations()}) {
  rateLimit { cost remaining resetAt } ${users}
  repository(owner: ${owner}, name: ${name}) {
    ${fields} ${labels}
    ${lists}
  }
}
${FILE}${environments.some(({ branches }) => branches.length > 0) ? PULL_REQUEST : ""}`;
  return { document, variables: variables.values() };
}

/** Fields of the repository that `readState` reads. */
export function stateFields(environments: readonly EnvironmentQuery[], variables: Variables): string {
  const config = variables.add(CONFIG_FILE);
  const parts = environments.map((environment, index) => environmentPart(environment, index, variables));
  return `id nameWithOwner isArchived isDisabled autoMergeAllowed
    defaultBranchRef { name target { oid ... on Commit { config: file(path: ${config}) { ...File } } } }
${parts.join("\n")}`;
}

/** Whether there is anything that further queries would list. */
export const COUNTS = `open: pullRequests(states: [OPEN], first: 1) { totalCount }
    merged: pullRequests(states: [MERGED], first: 1) { totalCount }
    issues(states: [OPEN], first: 1) { totalCount }`;

export const FILE = `fragment File on TreeEntry {
  mode object { __typename oid ... on Blob { isBinary isTruncated byteSize text } ... on Tree { entries { path } } }
}`;

const PULL_REQUEST = `
fragment Pull on PullRequest {
  id number url state title body isDraft baseRefName headRefOid isCrossRepository isInMergeQueue
  autoMergeRequest { enabledAt }
  author { login __typename }
  labels(first: 50) { nodes { name } }
  newest: commits(last: ${COMMITS}) { totalCount nodes { commit { ${COMMIT} } } }
  comments(last: 20) { nodes { id body author { login __typename } } }
}`;

function environmentPart(environment: EnvironmentQuery, index: number, variables: Variables): string {
  const paths = environment.files.map((file) => variables.add(inRepository(environment.path, file)));
  const files = paths.map((path, at) => `f${at}: file(path: ${path}) { ...File }`).join(" ");
  const oids = paths.map((path, at) => `f${at}: file(path: ${path}) { oid }`).join(" ");
  const heads = paths.map((path, at) => headFile(environment.files[at] ?? "", path, at)).join(" ");
  const charts = variables.add(inRepository(environment.path, "charts"));
  const branches = environment.branches.map((branch, at) => {
    const ref = variables.add(`refs/heads/${branch}`);
    const name = variables.add(branch);
    return `    b${index}_${at}: ref(qualifiedName: ${ref}) { target { oid ... on Commit { ${heads} } } }
    p${index}_${at}: pullRequests(headRefName: ${name}, first: ${PULL_REQUESTS}, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { ...Pull first: commits(first: 1) { nodes { commit { parents(first: 1) { nodes { oid tree { oid } ${oids} } } } } } }
    }`;
  });
  const base = variables.add(`refs/heads/${environment.branch}`);
  return [
    `    e${index}: ref(qualifiedName: ${base}) { target { oid ... on Commit { charts: file(path: ${charts}) { ...File } ${files} } } }`,
    ...branches,
  ].join("\n");
}

/** Of a lock the text as well: it says when it was generated, which makes two locks that say the same different blobs. */
function headFile(file: string, path: string, at: number): string {
  const more = LOCKS.has(file) ? " object { ... on Blob { text } }" : "";
  return `f${at}: file(path: ${path}) { oid${more} }`;
}

const LOCKS = new Set(["requirements.lock", "Chart.lock"]);

interface RawBlob {
  readonly mode: number;
  readonly object: {
    readonly __typename: string;
    readonly oid: string;
    readonly isBinary?: boolean | null;
    readonly isTruncated?: boolean;
    readonly byteSize?: number;
    readonly text?: string | null;
    readonly entries?: readonly { readonly path: string }[];
  } | null;
}
interface RawPull {
  readonly id: string;
  readonly number: number;
  readonly url: string;
  readonly state: "OPEN" | "CLOSED" | "MERGED";
  readonly title: string;
  readonly body: string;
  readonly isDraft: boolean;
  readonly baseRefName: string;
  readonly headRefOid: string;
  readonly isCrossRepository: boolean;
  readonly isInMergeQueue: boolean;
  readonly autoMergeRequest: object | null;
  readonly author: RawActor | null;
  readonly labels: { readonly nodes: readonly { readonly name: string }[] } | null;
  readonly newest: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly commit: RawCommit }[];
  };
  readonly comments: {
    readonly nodes: readonly {
      readonly id: string;
      readonly body: string;
      readonly author: RawActor | null;
    }[];
  };
  readonly first: {
    readonly nodes: readonly {
      readonly commit: { readonly parents: { readonly nodes: readonly RawFork[] } };
    }[];
  };
}
type RawFork = Readonly<Record<string, unknown>> & { readonly tree: { readonly oid: string } };
export interface RawCommit extends RawAuthorship {
  readonly oid: string;
  readonly message: string;
  readonly tree: { readonly oid: string };
  readonly parents: { readonly nodes: readonly { readonly oid: string }[] };
}
export interface RawRepository extends RawLabels {
  readonly id: string;
  readonly nameWithOwner: string;
  readonly isArchived: boolean;
  readonly isDisabled: boolean;
  readonly autoMergeAllowed: boolean;
  readonly defaultBranchRef: {
    readonly name: string;
    readonly target: { readonly oid: string; readonly config: RawBlob | null } | null;
  } | null;
  readonly promotions?: RawPromotions;
  readonly open?: { readonly totalCount: number };
  readonly merged?: { readonly totalCount: number };
  readonly issues?: { readonly totalCount: number };
  readonly [alias: `e${number}`]: { readonly target: RawTarget | null } | null;
  readonly [alias: `b${number}_${number}`]: { readonly target: RawTarget | null } | null;
  readonly [alias: `p${number}_${number}`]: { readonly nodes: readonly RawPull[] } | null;
}
type RawTarget = {
  readonly oid: string;
  readonly charts?: RawBlob | null;
  readonly [file: `f${number}`]: RawBlob | { readonly oid: string } | null | undefined;
};
interface RawLook extends RawNames {
  readonly repository: RawRepository;
}

interface Reading {
  readonly found: RawRepository;
  readonly environment: EnvironmentQuery;
  readonly index: number;
  readonly app: AppIdentity;
}

function readSnapshot(reading: Reading): Snapshot | undefined {
  const { found, environment, index } = reading;
  const base = found[`e${index}`]?.target;
  if (!base) return undefined;
  const files = environment.files.flatMap((path, at) => {
    const file = readFile(base[`f${at}`]);
    return file ? [[path, file] as const] : [];
  });
  const branches = environment.branches.map((name, at) => [name, readBranch(reading, name, at)] as const);
  const vendored = (base.charts?.object?.entries ?? []).map(({ path }) =>
    belowFolder(environment.path, path),
  );
  return {
    environment: environment.name,
    base: base.oid,
    files: new Map(files),
    vendored,
    branches: new Map(branches),
  };
}

function readFile(raw: RawTarget["f0"]): BlobFile | undefined {
  if (!raw || !("object" in raw) || raw.object?.__typename !== "Blob") return undefined;
  const { oid, text, isBinary, isTruncated, byteSize = 0 } = raw.object;
  const whole = typeof text === "string" && isBinary !== true && isTruncated !== true;
  return {
    oid,
    mode: raw.mode,
    ...(isTruncated === true && { truncated: byteSize }),
    ...(whole && { text }),
  };
}

function readBranch({ found, environment, index, app }: Reading, name: string, at: number): ObservedBranch {
  const head = found[`b${index}_${at}`]?.target;
  const pulls = found[`p${index}_${at}`]?.nodes ?? [];
  return {
    name,
    ...(head && {
      head: {
        oid: head.oid,
        blobs: readOids(head, environment.files),
        locks: readTexts(head, environment.files),
      },
    }),
    pullRequests: pulls
      .filter(({ isCrossRepository }) => !isCrossRepository)
      .map((pull) => readPull(pull, environment.files, app)),
  };
}

function readPull(raw: RawPull, files: readonly string[], app: AppIdentity): ObservedPullRequest {
  const fork = raw.first.nodes[0]?.commit.parents.nodes[0];
  return {
    id: raw.id,
    number: raw.number,
    url: raw.url,
    state: raw.state === "OPEN" ? "open" : raw.state === "MERGED" ? "merged" : "closed",
    title: raw.title,
    body: raw.body,
    draft: raw.isDraft,
    baseBranch: raw.baseRefName,
    headOid: raw.headRefOid,
    labels: (raw.labels?.nodes ?? []).map(({ name }) => name),
    ours: isByApp(raw.author, app.slug),
    inMergeQueue: raw.isInMergeQueue,
    autoMerge: raw.autoMergeRequest !== null,
    commits: raw.newest.nodes.map(({ commit }) => readCommit(commit, app)),
    commitCount: raw.newest.totalCount,
    fork: fork ? readOids(fork, files) : new Map(),
    ...(fork && { forkTree: fork.tree.oid }),
    comments: raw.comments.nodes.map(
      ({ id, author, body }): Comment => ({ id, ours: isByApp(author, app.slug), body }),
    ),
  };
}

export function readCommit({ oid, message, tree, parents, ...by }: RawCommit, app: AppIdentity): Commit {
  return {
    oid,
    message,
    ours: isCommitByApp(by, app),
    authorName: by.author?.name ?? "",
    parents: parents.nodes.map((parent) => parent.oid),
    tree: tree.oid,
  };
}

function readOids(
  target: Readonly<Record<string, unknown>>,
  files: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap((path, at) => {
      const entry = target[`f${at}`];
      const oid = typeof entry === "object" && entry !== null && "oid" in entry ? entry.oid : undefined;
      return typeof oid === "string" ? [[path, oid] as const] : [];
    }),
  );
}

/** Of the locks, by path below the environment's folder. */
function readTexts(head: RawTarget, files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap((path, at) => {
      const entry = head[`f${at}`];
      const text = entry && "object" in entry ? entry.object?.text : undefined;
      return LOCKS.has(path) && typeof text === "string" ? [[path, text] as const] : [];
    }),
  );
}
