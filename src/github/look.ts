// The one query behind every decision: a repository's config file, its environments at their heads, their promotion
// branches and the pull requests that came from them, all in a single answer.

import type { EnvironmentAsked, LookAnswer } from "../model/look.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type {
  BlobFile,
  Comment,
  Commit,
  ObservedBranch,
  ObservedPullRequest,
  Snapshot,
} from "../model/snapshot.ts";
import type { InstallationClient } from "./client.ts";
import { labelFields, namesAsked, type RawLabels, type RawNames, readNames, userFields } from "./names.ts";
import { Variables } from "./variables.ts";
import { withWholeTexts } from "./whole-texts.ts";

const CONFIG_FILE = ".github/chart-promoter.yml";

/** How many of a branch's pull requests are read: enough to see what was declined since the last merge. */
const PULL_REQUESTS = 10;
/** How many commits of a pull request are read; one with more is treated as holding commits of people. */
const COMMITS = 20;

/**
 * Reads everything at once. One request, or more when an environment's files were too long for the answer.
 * Throws `GitHubFailure`; "missing" means that the App no longer sees the repository.
 */
export async function look(
  client: InstallationClient,
  repository: Pick<ConfigRepository, "owner" | "name">,
  asked: { readonly environments: readonly EnvironmentAsked[]; readonly slug: string },
): Promise<LookAnswer> {
  const { document, variables } = lookDocument(repository, asked.environments);
  const root = await client.query<RawLook>(
    `looking at ${repository.owner}/${repository.name}`,
    document,
    variables,
  );
  const { repository: found } = root;
  const head = found.defaultBranchRef;
  const config = head?.target?.config?.object;
  const snapshots = new Map<string, Snapshot>();
  for (const [index, environment] of asked.environments.entries()) {
    const snapshot = readSnapshot({ found, environment, index, slug: asked.slug });
    if (snapshot) snapshots.set(environment.name, await withWholeTexts(client, repository, snapshot));
  }
  return {
    nodeId: found.id,
    nameWithOwner: found.nameWithOwner,
    archived: found.isArchived || found.isDisabled,
    autoMergeAllowed: found.autoMergeAllowed,
    ...(head && { defaultBranch: head.name }),
    ...(head?.target && { defaultHead: head.target.oid }),
    ...(config && { config: { oid: config.oid, text: config.text ?? "" } }),
    snapshots,
    ids: readNames(namesAsked(asked.environments), root, found),
  };
}

/** The document and its variables; names in it are generated, every text from outside is a variable. */
function lookDocument(
  repository: Pick<ConfigRepository, "owner" | "name">,
  environments: readonly EnvironmentAsked[],
): { readonly document: string; readonly variables: Readonly<Record<string, string>> } {
  const variables = new Variables();
  const [owner, name] = [variables.add(repository.owner), variables.add(repository.name)];
  const parts = environments.map((environment, index) => environmentPart(environment, index, variables));
  const config = variables.add(CONFIG_FILE);
  const names = namesAsked(environments);
  const [users, labels] = [userFields(names, variables), labelFields(names, variables)];
  const document = `query Look(${variables.declarations()}) {
  rateLimit { cost remaining resetAt } ${users}
  repository(owner: ${owner}, name: ${name}) {
    id nameWithOwner isArchived isDisabled autoMergeAllowed ${labels}
    defaultBranchRef { name target { oid ... on Commit { config: file(path: ${config}) { ...File } } } }
${parts.join("\n")}
  }
}
fragment File on TreeEntry {
  mode object { __typename oid ... on Blob { isBinary isTruncated text } ... on Tree { entries { path } } }
}${environments.some(({ branches }) => branches.length > 0) ? PULL_REQUEST : ""}`;
  return { document, variables: variables.values() };
}

const PULL_REQUEST = `
fragment Pull on PullRequest {
  id number url state title body isDraft baseRefName headRefOid isCrossRepository isInMergeQueue
  autoMergeRequest { enabledAt }
  author { login __typename }
  labels(first: 50) { nodes { name } }
  newest: commits(last: ${COMMITS}) { totalCount nodes { commit { oid message author { name } } } }
  comments(last: 20) { nodes { id body author { login __typename } } }
}`;

function environmentPart(environment: EnvironmentAsked, index: number, variables: Variables): string {
  const paths = environment.files.map((file) => variables.add(join(environment.path, file)));
  const files = paths.map((path, at) => `f${at}: file(path: ${path}) { ...File }`).join(" ");
  const oids = paths.map((path, at) => `f${at}: file(path: ${path}) { oid }`).join(" ");
  const charts = variables.add(join(environment.path, "charts"));
  const branches = environment.branches.map((branch, at) => {
    const ref = variables.add(`refs/heads/${branch}`);
    const name = variables.add(branch);
    return `    b${index}_${at}: ref(qualifiedName: ${ref}) { target { oid ... on Commit { author { name } ${oids} } } }
    p${index}_${at}: pullRequests(headRefName: ${name}, first: ${PULL_REQUESTS}, orderBy: { field: CREATED_AT, direction: DESC }) {
      nodes { ...Pull first: commits(first: 1) { nodes { commit { parents(first: 1) { nodes { oid ${oids} } } } } } }
    }`;
  });
  const base = variables.add(`refs/heads/${environment.branch}`);
  return [
    `    e${index}: ref(qualifiedName: ${base}) { target { oid ... on Commit { charts: file(path: ${charts}) { ...File } ${files} } } }`,
    ...branches,
  ].join("\n");
}

interface RawBlob {
  readonly mode: number;
  readonly object: {
    readonly __typename: string;
    readonly oid: string;
    readonly isBinary?: boolean | null;
    readonly isTruncated?: boolean;
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
      readonly commit: { readonly parents: { readonly nodes: readonly Readonly<Record<string, unknown>>[] } };
    }[];
  };
}
interface RawActor {
  readonly login: string;
  readonly __typename: string;
}
interface RawCommit {
  readonly oid: string;
  readonly message: string;
  readonly author: { readonly name: string | null } | null;
}
interface RawRepository extends RawLabels {
  readonly id: string;
  readonly nameWithOwner: string;
  readonly isArchived: boolean;
  readonly isDisabled: boolean;
  readonly autoMergeAllowed: boolean;
  readonly defaultBranchRef: {
    readonly name: string;
    readonly target: { readonly oid: string; readonly config: RawBlob | null } | null;
  } | null;
  readonly [alias: `e${number}`]: { readonly target: RawTarget | null } | null;
  readonly [alias: `b${number}_${number}`]: { readonly target: RawTarget | null } | null;
  readonly [alias: `p${number}_${number}`]: { readonly nodes: readonly RawPull[] } | null;
}
type RawTarget = {
  readonly oid: string;
  readonly author?: { readonly name: string | null } | null;
  readonly charts?: RawBlob | null;
  readonly [file: `f${number}`]: RawBlob | { readonly oid: string } | null | undefined;
};
interface RawLook extends RawNames {
  readonly repository: RawRepository;
}

interface Reading {
  readonly found: RawRepository;
  readonly environment: EnvironmentAsked;
  readonly index: number;
  readonly slug: string;
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
  const prefix = environment.path === "" ? "" : `${environment.path}/`;
  const vendored = (base.charts?.object?.entries ?? []).map(({ path }) => path.slice(prefix.length));
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
  const { oid, text, isBinary, isTruncated } = raw.object;
  const whole = typeof text === "string" && isBinary !== true && isTruncated !== true;
  return { oid, mode: raw.mode, ...(isTruncated === true && { truncated: true }), ...(whole && { text }) };
}

function readBranch({ found, environment, index, slug }: Reading, name: string, at: number): ObservedBranch {
  const head = found[`b${index}_${at}`]?.target;
  const pulls = found[`p${index}_${at}`]?.nodes ?? [];
  return {
    name,
    ...(head && {
      head: {
        oid: head.oid,
        ours: head.author?.name === `${slug}[bot]`,
        blobs: readOids(head, environment.files),
      },
    }),
    pullRequests: pulls
      .filter(({ isCrossRepository }) => !isCrossRepository)
      .map((pull) => readPull(pull, environment.files, slug)),
  };
}

function readPull(raw: RawPull, files: readonly string[], slug: string): ObservedPullRequest {
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
    ours: isOurs(raw.author, slug),
    inMergeQueue: raw.isInMergeQueue,
    autoMerge: raw.autoMergeRequest !== null,
    commits: raw.newest.nodes.map(({ commit }) => readCommit(commit, slug)),
    commitCount: raw.newest.totalCount,
    fork: fork ? readOids(fork, files) : new Map(),
    comments: raw.comments.nodes.map(
      ({ id, author, body }): Comment => ({ id, ours: isOurs(author, slug), body }),
    ),
  };
}

function readCommit({ oid, message, author }: RawCommit, slug: string): Commit {
  const authorName = author?.name ?? "";
  return { oid, message, ours: authorName === `${slug}[bot]`, authorName };
}

/** GraphQL gives a bot's login without `[bot]`, REST with it. */
export function isOurs(actor: RawActor | null, slug: string): boolean {
  return actor?.__typename === "Bot" && actor.login.replace(/\[bot\]$/, "") === slug;
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

/** A path in the repository from one below an environment's folder. */
export function join(folder: string, file: string): string {
  return folder === "" ? file : `${folder}/${file}`;
}
