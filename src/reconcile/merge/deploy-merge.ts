// A pull request was merged: prove the merge on GitHub, and create one deployment for each environment whose folder it
// changed.

import { commitBefore } from "../../domain/merge/commit-before.ts";
import { hasUmbrella } from "../../domain/merge/has-umbrella.ts";
import { movedBetween } from "../../domain/merge/moved-versions.ts";
import { type Recognised, recogniseMerge } from "../../domain/merge/recognise-merge.ts";
import { repositoryUrls } from "../../domain/model/chart/repository-urls.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { Delivery } from "../../domain/model/github/event.ts";
import type { FolderAt, MergeProof } from "../../domain/model/github/merge.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Umbrella } from "../../domain/model/umbrella.ts";
import type { RepositoryContext } from "../context.ts";
import { recordPullRequest } from "../promotion/apply/promotion-records.ts";
import { mergeUnproven } from "../promotion/comments.ts";
import { unlessDenied } from "../repository/permissions.ts";
import { unlessGap } from "../repository/unless-gap.ts";
import { earlierFolders } from "./earlier-folders.ts";
import { emitDeployment } from "./emit-deployment.ts";
import { noteFolderless } from "./note-folderless.ts";
import { environmentLeft, tellLeftBehind } from "./tell-left-behind.ts";

/** How long an announced merge may stay invisible or unproved on GitHub before it is given up. */
const PATIENCE_MS = 2 * 60_000;
const RETRY_MS = 5_000;

export interface AnnouncedMerge {
  readonly number: number;
  readonly base: string;
  /** Absent where it is not asked for. */
  readonly headBranch?: string;
  /** When its webhook arrived, or the backfill found it. */
  readonly since: Date;
  /**
   * Environments that moved from the branch of the merge to `base`: they are deployed only if `base` contains the
   * merge.
   */
  readonly moved?: readonly string[];
}

export interface MergeOutcome {
  /** Requeue time for a merge that GitHub does not show yet, or after a lost answer. */
  readonly requeueAt?: Date;
  /**
   * Set once the merge is proved: the commit on the branch, and the commits of the pull request as far as they were
   * read. `deployments`: environments that it had been deployed to before.
   */
  readonly proved?: {
    readonly sha: string;
    readonly contains: readonly string[];
    readonly deployments: readonly string[];
  };
  /** Names of the environments that it was deployed to. */
  readonly deployed: readonly string[];
  /** It changes the config: nothing is deployed before the new config is read. */
  readonly awaitsConfig?: boolean;
}

interface MergeContext extends RepositoryContext {
  /** Blob id of the config file as it is known; absent when it was just read. */
  readonly configOid?: string | undefined;
}

/** Without the permission for deployments, the merge waits for it and stops nothing else. */
export async function deployMerge(merge: AnnouncedMerge, context: MergeContext): Promise<MergeOutcome> {
  const outcome = await context.deps.tracing.span("merge", { "pull-request": merge.number }, () =>
    unlessDenied("deployments", () => deployShown(merge, context), context),
  );
  if (!("kind" in outcome)) {
    const environment = environmentLeft(merge.headBranch, context.config);
    const { proved, deployed, requeueAt } = outcome;
    const isLeft = environment !== undefined && proved && !proved.deployments.includes(environment);
    if (isLeft && deployed.length === 0 && !requeueAt)
      await tellLeftBehind({ number: merge.number, environment }, context);
    return outcome;
  }
  await recordDenied(merge, context);
  return { requeueAt: outcome.requeueAt, deployed: [] };
}

/** What GitHub leaves out of its answer about one merge is asked for again, and stops nothing else. */
async function deployShown(merge: AnnouncedMerge, context: MergeContext): Promise<MergeOutcome> {
  const outcome = await unlessGap(`#${merge.number}`, () => deployProved(merge, context), context);
  return "kind" in outcome ? { requeueAt: outcome.requeueAt, deployed: [] } : outcome;
}

/** Records for GET /publishes that it is not deployed. */
async function recordDenied(
  { number }: AnnouncedMerge,
  { repository, deps }: RepositoryContext,
): Promise<void> {
  const because = `#${number} was merged; GitHub denies the App the permission "deployments", so nothing is deployed`;
  await recordPullRequest({ repositoryId: repository.id, number }, { state: "merged", because }, deps);
}

async function deployProved(merge: AnnouncedMerge, context: MergeContext): Promise<MergeOutcome> {
  const { repository, config, deps } = context;
  const { base, moved } = merge;
  const targets = config.environments.filter(
    ({ name, branch }) => branch === base && (moved?.includes(name) ?? true),
  );
  const isOfInterest = targets.length > 0 || environmentLeft(merge.headBranch, config) !== undefined;
  if (!isOfInterest) return { deployed: [] };
  const proof = await deps.github.in(repository).proveMerge({ ...merge, environments: targets });
  if (!proof) return unproven(merge, undefined, context);
  if (moved && !proof.contained) return { deployed: [] };
  const recognised = recogniseMerge(proof);
  if (recognised.kind !== "merged") return unproven(merge, recognised, context);
  const { sha } = recognised;
  if (bringsOtherConfig(proof, context)) return { deployed: [], awaitsConfig: true };
  if (proof.offersConfig || targets.length === 0) return { proved: provedBy(proof, sha), deployed: [] };
  const before = await foldersBefore(proof, targets, context);
  const changed = targets.filter(({ name }) => before.get(name)?.tree !== proof.after.get(name)?.tree);
  const touched = changed.filter(({ name }) => hasUmbrella(proof.after.get(name)));
  const commit = commitBefore(proof);
  const earlier = await earlierFolders(before, { environments: touched, commit, after: sha }, context);
  const waits: Date[] = [];
  for (const environment of touched) {
    const moved = movedBetween(
      await umbrellaIn(earlier, environment, context),
      await umbrellaIn(proof.after, environment, context),
    );
    const outcome = await emitDeployment({ environment, proof, sha, moved }, context);
    if (outcome?.requeueAt) waits.push(outcome.requeueAt);
  }
  await noteFolderless(changed, { proof, touched }, context);
  return {
    ...(waits[0] && { requeueAt: waits[0] }),
    proved: provedBy(proof, sha),
    deployed: touched.map(({ name }) => name),
  };
}

/** Only the config on the default branch counts. */
function bringsOtherConfig(proof: MergeProof, { repository, configOid }: MergeContext): boolean {
  return configOid !== undefined && proof.base === repository.defaultBranch && proof.configOid !== configOid;
}

function provedBy({ commits, deployments }: MergeProof, sha: string): NonNullable<MergeOutcome["proved"]> {
  return {
    sha,
    contains: commits.map(({ oid }) => oid),
    deployments: deployments.map(({ environment }) => environment),
  };
}

/**
 * Requeues while GitHub may lag behind the merge; after that the merge is not deployed, and its pull request says why.
 */
async function unproven(
  { number, since }: AnnouncedMerge,
  recognised: Exclude<Recognised, { kind: "merged" }> | undefined,
  { repository, deps }: RepositoryContext,
): Promise<MergeOutcome> {
  const now = deps.clock();
  if (recognised?.final !== true && now.getTime() - since.getTime() < PATIENCE_MS) {
    return { requeueAt: new Date(now.getTime() + RETRY_MS), deployed: [] };
  }
  deps.log.warn(
    { repository: nameWithOwner(repository), number, problem: recognised?.problem },
    "merge not proved",
  );
  if (recognised) {
    const because = `${recognised.problem.message} ${recognised.problem.help}`;
    await recordPullRequest({ repositoryId: repository.id, number }, { state: "refused", because }, deps);
  }
  if (recognised && !recognised.final)
    await deps.github.in(repository).ensureComment(number, mergeUnproven(recognised.problem));
  return { deployed: [] };
}

/** Folders at the commit that the merge started from: for a rebase of several commits that is not the first parent. */
async function foldersBefore(
  proof: MergeProof,
  environments: readonly Environment[],
  { repository, deps }: RepositoryContext,
): Promise<ReadonlyMap<string, FolderAt>> {
  const start = commitBefore(proof);
  if (start === undefined || start === proof.mergeCommit?.parents[0]) return proof.before;
  return deps.github.in(repository).foldersAt(start, environments);
}

async function umbrellaIn(
  folders: ReadonlyMap<string, FolderAt>,
  { name }: Environment,
  { repository, deps }: RepositoryContext,
): Promise<Umbrella | undefined> {
  const files = folders.get(name)?.files ?? new Map();
  const urls = repositoryUrls(deps.settings.chartRepositories);
  const read = await deps.decisions.decide(repository.owner, "readUmbrella", files, urls);
  return read.ok ? read.value : undefined;
}

/**
 * The merges in the deliveries, without duplicates and in the order of arrival: merges of a merge queue share a second
 * of GitHub's timestamps, and deployments are ordered by creation.
 */
export function announcedMerges(deliveries: readonly Delivery[]): readonly AnnouncedMerge[] {
  const merges = new Map<number, AnnouncedMerge>();
  for (const { event, receivedAt } of deliveries) {
    if (event.kind !== "pull-request-merged" || merges.has(event.number)) continue;
    const { kind: _kind, ...merge } = event;
    merges.set(event.number, { ...merge, since: receivedAt });
  }
  return [...merges.values()];
}
