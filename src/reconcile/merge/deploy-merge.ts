// A pull request was merged: prove it, and emit one deployment for each environment whose folder it changed.

import { commitBefore } from "../../domain/merge/commit-before.ts";
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
import { earlierFolders } from "./earlier-folders.ts";
import { emitDeployment } from "./emit-deployment.ts";

/** How long GitHub may take to show a merge that it announced. */
const PATIENCE_MS = 2 * 60_000;
const RETRY_MS = 5_000;

export interface AnnouncedMerge {
  readonly number: number;
  readonly base: string;
  /** When its webhook came, or a backfill found it. */
  readonly since: Date;
  /** Names of environments that left the branch that it was merged into, and are on `base` now: it is theirs if that contains it. */
  readonly moved?: readonly string[];
}

export interface MergeOutcome {
  /** Requeue time for a merge that GitHub does not show yet or an answer that was lost. */
  readonly requeueAt?: Date;
  /** Once it is proved: the commit on the branch, and what it contains as far as that was read. */
  readonly proved?: { readonly sha: string; readonly contains: readonly string[] };
  /** Names of the environments that it deployed to. */
  readonly deployed: readonly string[];
  /** It brings another config than is known: nothing is deployed before that is read. */
  readonly awaitsConfig?: boolean;
}

interface MergeContext extends RepositoryContext {
  /** Git's id of the config file as it is known; absent where it was read just now. */
  readonly configOid?: string | undefined;
}

/** What GitHub denies to the App waits for the permission, and stops nothing else. */
export async function deployMerge(merge: AnnouncedMerge, context: MergeContext): Promise<MergeOutcome> {
  const outcome = await context.deps.tracing.span("merge", { "pull-request": merge.number }, () =>
    unlessDenied("deployments", () => deployProved(merge, context), context),
  );
  if (!("kind" in outcome)) return outcome;
  await recordDenied(merge, context);
  return { requeueAt: outcome.requeueAt, deployed: [] };
}

/** GET says that it is not deployed. */
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
  if (targets.length === 0) return { deployed: [] };
  const proof = await deps.github.in(repository).proveMerge({ ...merge, environments: targets });
  if (!proof) return unproven(merge, undefined, context);
  if (moved && !proof.contained) return { deployed: [] };
  const recognised = recogniseMerge(proof);
  if (recognised.kind !== "merged") return unproven(merge, recognised, context);
  const { sha } = recognised;
  if (bringsOtherConfig(proof, context)) return { deployed: [], awaitsConfig: true };
  if (proof.offersConfig) return { proved: provedBy(proof, sha), deployed: [] };
  const before = await foldersBefore(proof, targets, context);
  const touched = targets.filter(({ name }) => before.get(name)?.tree !== proof.after.get(name)?.tree);
  const commit = commitBefore(proof);
  const earlier = await earlierFolders(before, { environments: touched, commit }, context);
  const waits: Date[] = [];
  for (const environment of touched) {
    const moved = movedBetween(
      await umbrellaIn(earlier, environment, context),
      await umbrellaIn(proof.after, environment, context),
    );
    const outcome = await emitDeployment({ environment, proof, sha, moved }, context);
    if (outcome?.requeueAt) waits.push(outcome.requeueAt);
  }
  return {
    ...(waits[0] && { requeueAt: waits[0] }),
    proved: provedBy(proof, sha),
    deployed: touched.map(({ name }) => name),
  };
}

/** The config counts as it is on the default branch. */
function bringsOtherConfig(proof: MergeProof, { repository, configOid }: MergeContext): boolean {
  return configOid !== undefined && proof.base === repository.defaultBranch && proof.configOid !== configOid;
}

function provedBy({ commits }: MergeProof, sha: string): NonNullable<MergeOutcome["proved"]> {
  return { sha, contains: commits.map(({ oid }) => oid) };
}

/** GitHub may take a while to show what it announced; what stays unproved is not deployed, and its pull request says why. */
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

/** At the commit that the merge started from: for a rebase of several commits, further back than its first parent. */
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
 * The merges in a repository's deliveries, each once and in the order of the deliveries: those of a merge queue share
 * a second of GitHub's clock, and the deployment made first is taken for the older one.
 */
export function announcedMerges(deliveries: readonly Delivery[]): readonly AnnouncedMerge[] {
  const merges = new Map<number, AnnouncedMerge>();
  for (const { event, receivedAt } of deliveries) {
    if (event.kind !== "pull-request-merged" || merges.has(event.number)) continue;
    merges.set(event.number, { number: event.number, base: event.base, since: receivedAt });
  }
  return [...merges.values()];
}
