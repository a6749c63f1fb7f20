// Reads everything that one head is judged by in one query: changed files, labels, the environments' texts at the merge
// base, on the base and at the head, and existing check runs.

import type {
  CheckedPullRequest,
  PullRequestQuery,
} from "../../../../domain/model/github/checked-pull-request.ts";
import { isBelow } from "../../../../domain/model/repository-path.ts";
import { unlessTooLarge } from "../../api/failure.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { newestRun } from "../../writes/check-runs.ts";
import { changedFiles } from "../git/changed-files.ts";
import { changedFolders } from "../git/folders.ts";
import { readCommit } from "../repository-state.ts";
import { isBaseForcedSince } from "./base-forces.ts";
import { isByApp } from "./by-app.ts";
import { archivesIn, fitsOneDocument, type HeadPart, newLinks, readParts, textsIn } from "./head-files.ts";
import { headDocument, type RawHead, type RawHeadCommit, type RawPull } from "./head-query.ts";
import { isOneLine, type MergeBase, readMergeBase } from "./merge-base.ts";

/**
 * One request; one more for each further hundred files, two more after a merge into the branch or a forced push to its
 * base, and two more when GitHub does not list all files. When the environments have more files, or longer ones, than
 * one query may read, only those of changed environments are read, by further queries. `undefined` when there is no
 * such pull request.
 */
export async function readHead(
  access: RepositoryAccess,
  query: PullRequestQuery,
): Promise<CheckedPullRequest | undefined> {
  const app = await access.app.identity();
  const { raw, isAtOnce } = await queryHead(access, query);
  const { pullRequest: pull, groupHead, groupBase } = raw.repository;
  if (!pull) return undefined;
  const own = pull.last.nodes[0]?.commit;
  const head = groupHead ?? own;
  const base = groupBase ?? pull.baseRef?.target;
  const fork = groupBase ?? pull.first.nodes[0]?.commit.parents.nodes[0];
  const files = await filesOf(pull, { fork, base, head, isAtOnce }, { access, query });
  const check = head && newestRun(head, app.slug);
  const ownCheck = own && newestRun(own, app.slug);
  const isSealed = (message: string) => access.seal.isSealed(message, pull.headRefName);
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
    ...files,
    commits: pull.newest.nodes.map(({ commit }) => readCommit(commit, app, isSealed)),
    commitCount: pull.newest.totalCount,
    ...(check && { check }),
    ...(ownCheck && { ownCheck }),
  };
}

async function queryHead(
  { client, repository }: RepositoryAccess,
  query: PullRequestQuery,
): Promise<{ readonly raw: RawHead } & Pick<HeadCommits, "isAtOnce">> {
  const send = (environments: PullRequestQuery["environments"]) => {
    const { document, variables } = headDocument(repository, { ...query, environments });
    const { number } = query;
    return client.query<RawHead>(`reading #${number}`, document, { ...variables, number });
  };
  const atOnce = fitsOneDocument(query.environments)
    ? await unlessTooLarge(send(query.environments))
    : undefined;
  return atOnce ? { raw: atOnce, isAtOnce: true } : { raw: await send([]), isAtOnce: false };
}

/** Reads the merge base where it may differ from the parent of the first commit. */
async function comparedWithBase(
  pull: RawPull,
  { base, head }: Pick<HeadPart, "base" | "head">,
  { access, query }: Pick<ChangesQuery, "access" | "query">,
): Promise<MergeBase | undefined> {
  if (query.group || (isOneLine(pull) && !isBaseForced(pull))) return undefined;
  return readMergeBase(access, { base, head });
}

/** Forced since the first commit: the base may have lost commits that the branch contains. */
function isBaseForced({ first, timelineItems }: RawPull): boolean {
  const began = first.nodes[0]?.commit.committedDate;
  return began !== undefined && isBaseForcedSince(timelineItems, began);
}

interface HeadCommits extends Omit<HeadPart, "environments"> {
  /** Whether the first query included the files of all environments. */
  readonly isAtOnce: boolean;
}

async function filesOf(
  pull: RawPull,
  { fork, base, head, isAtOnce }: HeadCommits,
  { access, query }: Pick<ChangesQuery, "access" | "query">,
): Promise<Pick<CheckedPullRequest, "files" | "unlistedIn" | "links" | "texts" | "archives" | "isUnread">> {
  const began = await comparedWithBase(pull, { base, head }, { access, query });
  const reading = { access, query, head, from: began ? [base] : [base, fork], began };
  const changes = await changesOf(pull, reading);
  const oids = { fork: began?.oid ?? fork?.oid, base: base?.oid, head: head?.oid };
  const parts =
    isAtOnce && began === undefined
      ? [{ environments: query.environments, fork, base, head }]
      : await unlessTooLarge(readParts(access, await concernedBy(changes, reading), oids));
  if (!parts) return { ...changes, links: [], texts: new Map(), archives: new Map(), isUnread: true };
  return {
    ...changes,
    links: newLinks(parts, changes.files),
    texts: textsIn(parts),
    archives: archivesIn(parts),
  };
}

const STATES = { OPEN: "open", MERGED: "merged", CLOSED: "closed" } as const;

interface ChangesQuery {
  readonly access: RepositoryAccess;
  readonly query: PullRequestQuery;
  readonly head: RawHeadCommit | null | undefined;
  /** Commits that the head may have its folders from. */
  readonly from: readonly (RawHeadCommit | null | undefined)[];
  readonly began: MergeBase | undefined;
}

/** When GitHub does not list all files, the changed environments are found by comparing folders. */
async function changesOf(
  pull: RawPull,
  { access, query, head, from, began }: ChangesQuery,
): Promise<Pick<CheckedPullRequest, "files" | "unlistedIn">> {
  const { client, repository } = access;
  const name = { repository, number: query.number };
  // GitHub's own list may refer to the base before the force push.
  const live = isBaseForced(pull) ? began?.changed : undefined;
  const { paths: files, isWhole } = live ?? (await changedFiles(client, name, pull));
  if (isWhole || !head) return { files };
  const others = from.flatMap((commit) => commit?.oid ?? []);
  const unlistedIn = await changedFolders(access, query.environments, { head: head.oid, others });
  return { files, unlistedIn };
}

/**
 * The environments whose files the head may change; for a merge group, those that differ between its base and its head.
 */
async function concernedBy(
  { files, unlistedIn = [] }: Pick<CheckedPullRequest, "files" | "unlistedIn">,
  { access, query: { environments, group }, head, from }: ChangesQuery,
): Promise<PullRequestQuery["environments"]> {
  const others = from.flatMap((commit) => commit?.oid ?? []);
  const inGroup = group && head ? await changedFolders(access, environments, { head: head.oid, others }) : [];
  const named = new Set([...unlistedIn, ...inGroup]);
  // A symbolic link may replace the folder or one above it.
  const isChanged = (path: string) => files.some((file) => isBelow(file, path) || isBelow(`${path}/`, file));
  return environments.filter(({ name, path }) => named.has(name) || isChanged(path));
}
