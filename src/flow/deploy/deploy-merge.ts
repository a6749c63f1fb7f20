// A pull request was merged: prove it, and emit one deployment for each environment whose folder it changed.

import { readUmbrella } from "../../manifest/read-umbrella.ts";
import { commitBefore } from "../../merge/before.ts";
import { movedBetween } from "../../merge/moved.ts";
import { type Recognised, recogniseMerge } from "../../merge/recognise.ts";
import type { Environment } from "../../model/config.ts";
import type { Delivery } from "../../model/event.ts";
import type { FolderAt, ProofAnswer } from "../../model/merge.ts";
import { repositoryUrls } from "../../model/repository-urls.ts";
import type { Umbrella } from "../../model/umbrella.ts";
import { mergeUnproven } from "../promote/comments.ts";
import type { World } from "../world.ts";
import { emitDeployment } from "./emit-deployment.ts";
import type { MergeContext } from "./merge-context.ts";

/** How long GitHub may take to show a merge that it announced. */
const PATIENCE_MS = 2 * 60_000;
const RETRY_MS = 5_000;

export interface Merge {
  readonly number: number;
  readonly base: string;
  /** When it was told of. */
  readonly since: Date;
}

export interface MergeOutcome {
  /** When to look again, for a merge that GitHub does not show yet or an answer that was lost. */
  readonly again?: Date;
  /** Once it is proved: the commit on the branch, and what it contains as far as that was read. */
  readonly proved?: { readonly sha: string; readonly contains: readonly string[] };
  /** Names of the environments that it deployed to. */
  readonly deployed: readonly string[];
}

export async function deployMerge(merge: Merge, context: MergeContext): Promise<MergeOutcome> {
  const { repository, config, world } = context;
  const targets = config.environments.filter(({ branch }) => branch === merge.base);
  if (targets.length === 0) return { deployed: [] };
  const proof = await world.github.proveMerge(repository, { ...merge, environments: targets });
  if (!proof) return unproven(merge, undefined, context);
  const recognised = recogniseMerge(proof);
  if (recognised.kind !== "merged") return unproven(merge, recognised, context);
  const { sha } = recognised;
  const before = await foldersBefore(proof, targets, context);
  const touched = targets.filter(({ name }) => before.get(name)?.tree !== proof.after.get(name)?.tree);
  const waits: Date[] = [];
  for (const environment of touched) {
    const moved = movedBetween(
      umbrellaIn(before, environment, world),
      umbrellaIn(proof.after, environment, world),
    );
    const outcome = await emitDeployment({ environment, proof, sha, moved }, context);
    if (outcome?.again) waits.push(outcome.again);
  }
  return {
    ...(waits[0] && { again: waits[0] }),
    proved: { sha, contains: proof.commits.map(({ oid }) => oid) },
    deployed: touched.map(({ name }) => name),
  };
}

/** GitHub may take a while to show what it announced; what stays unproved is not deployed, and its pull request says why. */
async function unproven(
  { number, since }: Merge,
  said: Exclude<Recognised, { kind: "merged" }> | undefined,
  { repository, world }: MergeContext,
): Promise<MergeOutcome> {
  const now = world.clock();
  if (said?.final !== true && now.getTime() - since.getTime() < PATIENCE_MS) {
    return { again: new Date(now.getTime() + RETRY_MS), deployed: [] };
  }
  world.log.warn({ repository: repository.id, number, problem: said?.problem }, "merge not proved");
  if (said && !said.final) await world.github.ensureComment(repository, number, mergeUnproven(said.problem));
  return { deployed: [] };
}

/** At the commit that the merge started from: for a rebase of several commits, further back than its first parent. */
async function foldersBefore(
  proof: ProofAnswer,
  environments: readonly Environment[],
  { repository, world }: MergeContext,
): Promise<ReadonlyMap<string, FolderAt>> {
  const start = commitBefore(proof);
  if (start === undefined || start === proof.mergeCommit?.parents[0]) return proof.before;
  return world.github.foldersAt(repository, start, environments);
}

function umbrellaIn(
  folders: ReadonlyMap<string, FolderAt>,
  { name }: Environment,
  { settings }: World,
): Umbrella | undefined {
  const files = folders.get(name)?.files ?? new Map();
  const read = readUmbrella(files, repositoryUrls(settings.chartRepositories));
  return read.ok ? read.value : undefined;
}

/**
 * The merges a repository's deliveries tell of, each once and in the order they were told in: those of a merge queue share
 * a second of GitHub's clock, and the deployment made first is taken for the older one.
 */
export function mergesIn(deliveries: readonly Delivery[]): readonly Merge[] {
  const merges = new Map<number, Merge>();
  for (const { event, receivedAt } of deliveries) {
    if (event.kind !== "pull-request-merged" || merges.has(event.number)) continue;
    merges.set(event.number, { number: event.number, base: event.base, since: receivedAt });
  }
  return [...merges.values()];
}
