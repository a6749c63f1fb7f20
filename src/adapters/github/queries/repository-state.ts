// The state query: a repository's config file, its environments at their heads, their promotion branches and pull
// requests, in one response.

import type {
  EnvironmentQuery,
  NamesQuery,
  ObservedState,
  StateQuery,
  WhyUnreadable,
} from "../../../domain/model/github/observed-state.ts";
import type {
  BlobFile,
  Commit,
  ObservedBranch,
  ObservedPullRequest,
  Snapshot,
} from "../../../domain/model/github/snapshot.ts";
import { belowFolder } from "../../../domain/model/repository-path.ts";
import { isTooLarge, unlessTooLarge } from "../api/failure.ts";
import type { PromotionSeal } from "../promotion-seal.ts";
import type { RepositoryAccess } from "../repository-access.ts";
import { askReadable } from "./ask-readable.ts";
import { byDocument, joinSnapshots } from "./by-document.ts";
import { withWholeTexts } from "./git/whole-texts.ts";
import { namesQuery, readNames } from "./names.ts";
import { isBaseForcedSince } from "./pull-requests/base-forces.ts";
import { type AppIdentity, isByApp, isCommitByApp } from "./pull-requests/by-app.ts";
import {
  queryHeldPromotions,
  readHeldPromotions,
  readOpenPromotions,
} from "./pull-requests/open-promotions.ts";
import { withClosings, withOwnPulls } from "./pull-requests/own-pulls.ts";
import { readTimeline } from "./pull-requests/timeline.ts";
import type {
  RawBranchPull,
  RawCommit,
  RawParents,
  RawRepository,
  RawRepositoryState,
  RawTarget,
} from "./raw-state.ts";
import { LOCKS, type StateSelection, stateQuery } from "./state-document.ts";

const NO_NAMES: NamesQuery = { labels: [], users: [] };
/** Maximum number of concurrent requests, when one document is not enough. */
const AT_ONCE = 4;

/**
 * One request, or more for many promotion branches or truncated files. Throws `GitHubFailure`; "missing" means that the
 * App cannot see the repository any more.
 */
export async function fetchRepositoryState(
  access: RepositoryAccess,
  query: StateQuery,
): Promise<ObservedState> {
  const { client, repository } = access;
  const app = await access.app.identity();
  const names = namesQuery(query.environments);
  const [first = [], ...others] = byDocument(query.environments);
  const wanted = { ...query, environments: first, heldPromotions: first.length > 0 };
  const askRoot = (all: StateQuery) => askReadable(all, (one) => queryState(access, one, names));
  const whole = await unlessTooLarge(askRoot(wanted));
  const root = whole ?? (await askRoot({ ...wanted, environments: [] }));
  const { repository: found } = root.raw;
  const state = readState(found, root.environments, { app, seal: access.seal });
  const further = await furtherSnapshots(access, whole ? others : [...halvesOf(first), ...others]);
  const unreadable = new Map([root, ...further].flatMap((one) => [...one.unreadable]));
  const snapshots = new Map<string, Snapshot>();
  for (const [name, snapshot] of joinSnapshots([state.snapshots, ...further.map((one) => one.snapshots)]))
    if (!unreadable.has(name)) snapshots.set(name, await withWholeTexts(client, repository, snapshot));
  return {
    ...state,
    snapshots,
    ...(unreadable.size > 0 && { unreadable }),
    ...(found.promotions && { openPromotions: await readOpenPromotions(found.promotions, access) }),
    ...(found.held && { heldPromotions: await readHeldPromotions(found.held, access) }),
    ids: readNames(names, root.raw, found),
  };
}

interface FurtherSnapshots {
  readonly snapshots: ObservedState["snapshots"];
  readonly unreadable: ReadonlyMap<string, WhyUnreadable>;
}

/** Answers of one run that are found too large, each of which is read up to its limit; what is left is not read. */
const MOST_TOO_LARGE = 8;

/** Parts that did not fit into the first document. One whose answer is too large is split, down to one environment. */
async function furtherSnapshots(
  access: RepositoryAccess,
  documents: readonly (readonly EnvironmentQuery[])[],
): Promise<readonly FurtherSnapshots[]> {
  const answers: FurtherSnapshots[] = [];
  let left = documents;
  let tooLarge = 0;
  while (left.length > 0) {
    const [now, later] = [left.slice(0, AT_ONCE), left.slice(AT_ONCE)];
    const read = await Promise.all(
      now.map(async (part) => ({ part, answer: await unlessTooLarge(snapshotsOf(access, part)) })),
    );
    const excessive = read.flatMap(({ part, answer }) => (answer ? [] : [part]));
    tooLarge += excessive.length;
    const mayBeSplit = (part: readonly EnvironmentQuery[]) => part.length > 1 && tooLarge < MOST_TOO_LARGE;
    answers.push(
      ...read.flatMap(({ part, answer }) => answer ?? (mayBeSplit(part) ? [] : [tooLargeOf(part)])),
    );
    left = [...excessive.filter(mayBeSplit).flatMap(halvesOf), ...later];
  }
  return answers;
}

async function snapshotsOf(
  access: RepositoryAccess,
  environments: readonly EnvironmentQuery[],
): Promise<FurtherSnapshots> {
  const app = await access.app.identity();
  const ask = (query: StateQuery) => queryState(access, query);
  const { raw, unreadable, ...read } = await askReadable({ environments }, ask);
  const { snapshots } = readState(raw.repository, read.environments, { app, seal: access.seal });
  return { snapshots, unreadable };
}

function tooLargeOf(environments: readonly EnvironmentQuery[]): FurtherSnapshots {
  return {
    snapshots: new Map(),
    unreadable: new Map(environments.map(({ name }) => [name, "too-large"])),
  };
}

function halvesOf(environments: readonly EnvironmentQuery[]): readonly (readonly EnvironmentQuery[])[] {
  const half = Math.ceil(environments.length / 2);
  return [environments.slice(0, half), environments.slice(half)].filter((part) => part.length > 0);
}

/** When the answer is too large because of texts that other people wrote, sends the query again without these. */
async function queryState(
  access: RepositoryAccess,
  query: StateQuery,
  names: NamesQuery = NO_NAMES,
): Promise<RawRepositoryState> {
  const { client, repository } = access;
  const send = (all: StateSelection) => {
    const { document, variables } = stateQuery(repository, all, names);
    return client.query<RawRepositoryState>(
      `reading ${repository.owner}/${repository.name}`,
      document,
      variables,
    );
  };
  const raw = await send(query).catch(async (error: unknown) => {
    if (!isTooLarge(error)) throw error;
    const less = await send({ ...query, heldPromotions: false, numbersOnly: true });
    if (query.heldPromotions !== true) return less;
    return { ...less, repository: { ...less.repository, held: await queryHeldPromotions(access) } };
  });
  const whole = await withOwnPulls(access, raw.repository, query.environments);
  return { ...raw, repository: await withClosings(access, whole, query.environments) };
}

/** Parses the response. `seal`: needed when branches were queried. */
export function readState(
  found: RawRepository,
  environments: readonly EnvironmentQuery[],
  { app, seal }: { readonly app: AppIdentity; readonly seal?: PromotionSeal },
): Omit<ObservedState, "ids"> {
  const { defaultBranchRef: head, open, merged, issues } = found;
  const config = head?.target?.config?.object;
  const snapshots = environments.flatMap((environment, index) => {
    const snapshot = readSnapshot({ found, environment, index, app, seal });
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

interface Reading {
  readonly found: RawRepository;
  readonly environment: EnvironmentQuery;
  readonly index: number;
  readonly app: AppIdentity;
  readonly seal: PromotionSeal | undefined;
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

function readBranch(
  { found, environment, index, app, seal }: Reading,
  name: string,
  at: number,
): ObservedBranch {
  const head = found[`b${index}_${at}`]?.target;
  const pulls = found[`p${index}_${at}`]?.nodes ?? [];
  const parents = new Map(head?.history?.nodes.map((commit) => [commit.oid, commit.parents]));
  const isSealed = (message: string) => seal?.isSealed(message, name) === true;
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
      .map((pull) => readPull(pull, environment.files, { app, parents, isSealed })),
  };
}

interface PullContext {
  readonly app: AppIdentity;
  /** Of the newest ancestors of the branch's head. */
  readonly parents: ReadonlyMap<string, RawParents>;
  readonly isSealed: (message: string) => boolean;
}

function readPull(
  raw: RawBranchPull,
  files: readonly string[],
  { app, parents, isSealed }: PullContext,
): ObservedPullRequest {
  const first = raw.first.nodes[0]?.commit;
  const fork = first?.parents.nodes[0];
  const commits = raw.newest.nodes.map(({ commit }) =>
    readCommit({ ...commit, parents: parents.get(commit.oid) }, app, isSealed),
  );
  const merged = commits.flatMap(({ parents: [_own, ...others] = [] }) => others);
  const isForced = first !== undefined && isBaseForcedSince(raw.timelineItems, first.committedDate);
  return {
    id: raw.id,
    number: raw.number,
    url: raw.url,
    state: raw.state === "OPEN" ? "open" : raw.state === "MERGED" ? "merged" : "closed",
    title: raw.title,
    body: raw.body,
    draft: raw.isDraft,
    baseBranch: raw.baseRefName,
    baseIsGone: raw.baseRef === null,
    ...(raw.mergedAt !== null && { mergedAt: new Date(raw.mergedAt) }),
    headOid: raw.headRefOid,
    labels: (raw.labels?.nodes ?? []).map(({ name }) => name),
    byApp: isByApp(raw.author, app.slug),
    inMergeQueue: raw.isInMergeQueue,
    autoMerge: raw.autoMergeRequest !== null,
    commits,
    commitCount: raw.newest.totalCount,
    fork: fork ? readOids(fork, files) : new Map(),
    ...(fork && { forkTree: fork.tree.oid }),
    ...(fork && isForced && { standsOn: [fork.oid, ...merged] }),
    ...readTimeline(raw.timelineItems, app.slug),
  };
}

/** `isSealed`: verifies the message for the branch that the commit was read from. */
export function readCommit(
  { oid, message, tree, parents, ...by }: RawCommit,
  app: AppIdentity,
  isSealed: (message: string) => boolean,
): Commit {
  const byApp = isCommitByApp(by, app);
  const sealed = byApp && isSealed(message);
  return {
    oid,
    message: sealed ? message : "",
    byApp,
    sealed,
    authorName: by.author?.name ?? "",
    ...(parents && { parents: parents.nodes.map((parent) => parent.oid) }),
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

/** Texts of the locks, by path relative to the environment's folder. */
function readTexts(head: RawTarget, files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap((path, at) => {
      const entry = head[`f${at}`];
      const text = entry && "object" in entry ? entry.object?.text : undefined;
      return LOCKS.has(path) && typeof text === "string" ? [[path, text] as const] : [];
    }),
  );
}
