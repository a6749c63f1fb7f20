// Reads everything that one head is judged by, in one query: what a pull request changes, its labels, the environments'
// texts where it began, on its base and at its head, and the check runs that stand there already.

import type {
  CheckedPullRequest,
  PullRequestQuery,
} from "../../../../domain/model/github/checked-pull-request.ts";
import type { Files } from "../../../../domain/model/umbrella.ts";
import type { RepositoryAccess } from "../../repository-access.ts";
import { newestRun } from "../../writes/check-runs.ts";
import { changedFiles } from "../git/changed-files.ts";
import { readCommit } from "../repository-state.ts";
import { isByApp } from "./by-app.ts";
import { headDocument, type RawHead, type RawHeadCommit } from "./head-query.ts";

/** One request; one more for each further hundred files. `undefined` when there is no such pull request. */
export async function readHead(
  { client, repository, app: us }: RepositoryAccess,
  asked: PullRequestQuery,
): Promise<CheckedPullRequest | undefined> {
  const app = await us.identity();
  const { document, variables } = headDocument(repository, asked);
  const raw = await client.query<RawHead>(`reading #${asked.number}`, document, {
    ...variables,
    number: asked.number,
  });
  const { pullRequest: pull, groupHead, groupBase } = raw.repository;
  if (!pull) return undefined;
  const head = groupHead ?? pull.last.nodes[0]?.commit;
  const base = groupBase ?? pull.baseRef?.target;
  const fork = groupBase ?? pull.first.nodes[0]?.commit.parents.nodes[0];
  const texts = asked.environments.map(({ name, files }, index) => {
    const read = (commit: RawHeadCommit | null | undefined) => textsOf(commit, index, files);
    return [name, { fork: read(fork), base: read(base), head: read(head) }] as const;
  });
  const check = head && newestRun(head, app.slug);
  const own = pull.last.nodes[0]?.commit;
  const ownCheck = own && newestRun(own, app.slug);
  return {
    id: pull.id,
    number: asked.number,
    state: pull.state === "OPEN" ? "open" : pull.state === "MERGED" ? "merged" : "closed",
    ours: isByApp(pull.author, app.slug),
    inMergeQueue: pull.isInMergeQueue,
    baseBranch: pull.baseRefName,
    ...(base && { baseSha: base.oid }),
    headBranch: pull.headRefName,
    isFork: pull.isCrossRepository,
    headSha: asked.group?.headSha ?? pull.headRefOid,
    labels: (pull.labels?.nodes ?? []).map(({ name }) => name),
    files: await changedFiles(client, { repository, number: asked.number, first: pull.files }),
    commits: pull.newest.nodes.map(({ commit }) => readCommit(commit, app)),
    commitCount: pull.newest.totalCount,
    texts: new Map(texts),
    ...(check && { check }),
    ...(ownCheck && { ownCheck }),
  };
}

function textsOf(commit: RawHeadCommit | null | undefined, index: number, files: readonly string[]): Files {
  return new Map(
    files.flatMap((file, at) => {
      const { text, isTruncated } = commit?.[`e${index}_${at}`]?.object ?? {};
      return typeof text === "string" && isTruncated !== true ? [[file, text] as const] : [];
    }),
  );
}
