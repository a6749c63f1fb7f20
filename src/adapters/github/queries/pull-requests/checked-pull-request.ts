// Reads everything that one head is judged by, in one query: what a pull request changes, its labels, the environments'
// texts where it began, on its base and at its head, and the check runs that stand there already.

import type {
  CheckedPullRequest,
  PullRequestQuery,
} from "../../../../domain/model/github/checked-pull-request.ts";
import { inRepository, isBelow } from "../../../../domain/model/repository-path.ts";
import type { Files } from "../../../../domain/model/umbrella.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { newestRun } from "../../writes/check-runs.ts";
import { changedFiles } from "../git/changed-files.ts";
import { changedFolders } from "../git/folders.ts";
import { readCommit } from "../repository-state.ts";
import { isBaseForcedSince } from "./base-forces.ts";
import { isByApp } from "./by-app.ts";
import { headDocument, type RawHead, type RawHeadCommit, type RawPull } from "./head-query.ts";
import { isOneLine, type MergeBase, readMergeBase } from "./merge-base.ts";

/**
 * One request; one more for each further hundred files, two where something was merged into it or its base was forced, and two where GitHub does not list
 * all of its files. `undefined` when there is no such pull request.
 */
export async function readHead(
  access: RepositoryAccess,
  query: PullRequestQuery,
): Promise<CheckedPullRequest | undefined> {
  const { client, repository } = access;
  const app = await access.app.identity();
  const { document, variables } = headDocument(repository, query);
  const raw = await client.query<RawHead>(`reading #${query.number}`, document, {
    ...variables,
    number: query.number,
  });
  const { pullRequest: pull, groupHead, groupBase } = raw.repository;
  if (!pull) return undefined;
  const head = groupHead ?? pull.last.nodes[0]?.commit;
  const base = groupBase ?? pull.baseRef?.target;
  const fork = groupBase ?? pull.first.nodes[0]?.commit.parents.nodes[0];
  const began = await comparedWithBase(pull, { access, query, base, head });
  const texts = query.environments.map(({ name, files }, index) => {
    const read = (commit: RawHeadCommit | null | undefined) => textsOf(commit, index, files);
    return [
      name,
      { fork: began?.texts.get(name) ?? read(fork), base: read(base), head: read(head) },
    ] as const;
  });
  const from = began ? [base] : [base, fork];
  const changes = await changesOf(pull, { access, query, head, from, began });
  const check = head && newestRun(head, app.slug);
  const own = pull.last.nodes[0]?.commit;
  const isSealed = (message: string) => access.seal.isSealed(message, pull.headRefName);
  const ownCheck = own && newestRun(own, app.slug);
  return {
    id: pull.id,
    number: query.number,
    state: STATES[pull.state],
    byApp: isByApp(pull.author, app.slug),
    inMergeQueue: pull.isInMergeQueue,
    baseBranch: pull.baseRefName,
    ...(base && { baseSha: base.oid }),
    headBranch: pull.headRefName,
    isFork: pull.isCrossRepository,
    headSha: query.group?.headSha ?? pull.headRefOid,
    labels: (pull.labels?.nodes ?? []).map(({ name }) => name),
    ...changes,
    links: newLinks(query, changes.files, { base, head }),
    commits: pull.newest.nodes.map(({ commit }) => readCommit(commit, app, isSealed)),
    commitCount: pull.newest.totalCount,
    texts: new Map(texts),
    archives: new Map(query.environments.map(({ name }, index) => [name, archivesOf(head, index)])),
    ...(check && { check }),
    ...(ownCheck && { ownCheck }),
  };
}

/** Where its first commit's parent may not be what it began at. */
async function comparedWithBase(
  pull: RawPull,
  {
    access,
    query,
    base,
    head,
  }: Pick<ChangesQuery, "access" | "query" | "head"> & {
    readonly base: RawHeadCommit | null | undefined;
  },
): Promise<MergeBase | undefined> {
  if (query.group || (isOneLine(pull) && !isBaseForced(pull))) return undefined;
  return readMergeBase(access, query, { base, head });
}

/** Since its first commit: what that stands on the base may have lost. */
function isBaseForced({ first, timelineItems }: RawPull): boolean {
  const began = first.nodes[0]?.commit.committedDate;
  return began !== undefined && isBaseForcedSince(timelineItems, began);
}

const STATES = { OPEN: "open", MERGED: "merged", CLOSED: "closed" } as const;

interface ChangesQuery {
  readonly access: RepositoryAccess;
  readonly query: PullRequestQuery;
  readonly head: RawHeadCommit | undefined;
  /** Commits that the head may have its folders from. */
  readonly from: readonly (RawHeadCommit | null | undefined)[];
  readonly began: MergeBase | undefined;
}

/** Where GitHub does not list all of its files, the folders tell which environments it changes. */
async function changesOf(
  pull: RawPull,
  { access, query, head, from, began }: ChangesQuery,
): Promise<Pick<CheckedPullRequest, "files" | "unlistedIn">> {
  const { client, repository } = access;
  const name = { repository, number: query.number };
  // GitHub's own list may be of a base that is no more.
  const live = isBaseForced(pull) ? began?.changed : undefined;
  const { paths: files, isWhole } = live ?? (await changedFiles(client, name, pull));
  if (isWhole || !head) return { files };
  const others = from.flatMap((commit) => commit?.oid ?? []);
  const unlistedIn = await changedFolders(access, query.environments, { head: head.oid, others });
  return { files, unlistedIn };
}

/** Modes of symbolic links and of submodules. */
const ELSEWHERE: ReadonlySet<number | undefined> = new Set([0o120000, 0o160000]);

/** What Git keeps of a symbolic link is where it leads, and that is no text of the file. A folder that it changes is none any more. */
function newLinks(
  { environments }: PullRequestQuery,
  changed: readonly string[],
  { base, head }: { readonly [at in "base" | "head"]: RawHeadCommit | null | undefined },
): readonly string[] {
  const charts = environments.flatMap(({ path }, index) => {
    const full = inRepository(path, "charts");
    return ELSEWHERE.has(head?.[`a${index}`]?.mode) && changed.includes(full) ? [full] : [];
  });
  const links = environments.flatMap(({ path, files }, index) =>
    files.flatMap((file, at) => {
      const full = inRepository(path, file);
      const [was, is] = [base?.[`e${index}_${at}`], head?.[`e${index}_${at}`]];
      const isNew =
        ELSEWHERE.has(is?.mode) && (was?.mode !== is?.mode || was?.object?.text !== is?.object?.text);
      const folder = changed.find((one) => isBelow(full, one));
      if (folder !== undefined) return [folder];
      return isNew && changed.includes(full) ? [full] : [];
    }),
  );
  return [...new Set([...links, ...charts])];
}

const REGULAR: ReadonlySet<number> = new Set([0o100644, 0o100755]);

function archivesOf(commit: RawHeadCommit | null | undefined, index: number): ReadonlyMap<string, string> {
  const entries = commit?.[`a${index}`]?.object?.entries ?? [];
  return new Map(
    entries.map(({ path, oid, mode }) => [
      path.slice(path.lastIndexOf("/") + 1),
      REGULAR.has(mode) ? oid : "",
    ]),
  );
}

function textsOf(commit: RawHeadCommit | null | undefined, index: number, files: readonly string[]): Files {
  return new Map(
    files.flatMap((file, at) => {
      const { text, isTruncated } = commit?.[`e${index}_${at}`]?.object ?? {};
      return typeof text === "string" && isTruncated !== true ? [[file, text] as const] : [];
    }),
  );
}
