// Creates one deployment for one environment and merge commit: recorded, created on GitHub, and enqueued. Exactly once.

import { holdAt } from "../../domain/deployment/hold.ts";
import { isLower } from "../../domain/deployment/version-status.ts";
import type { Environment } from "../../domain/model/config/config.ts";
import type { Deployment, Moved } from "../../domain/model/deployment.ts";
import type { MergeProof } from "../../domain/model/github/merge.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";
import { enqueue } from "../keys.ts";
import { recordMerged } from "../promotion/apply/promotion-records.ts";
import { isEmergency } from "../repository/emergency.ts";
import { notePermission } from "../repository/permissions.ts";
import type { ReconcileResult } from "../requeue.ts";
import { enqueueDownstreamOfTakenBack } from "../upstream/enqueue-downstream.ts";
import { release } from "./deploy-held.ts";

/** After a lost answer, wait this long for GitHub to show the deployment before it is created again. */
const DOUBT_MS = 15_000;

export interface Emission {
  readonly environment: Environment;
  readonly proof: MergeProof;
  readonly sha: string;
  readonly moved: readonly Moved[];
}

/**
 * Records the intent before GitHub is called; a deployment that the App already created for this commit and environment
 * is adopted.
 */
export async function emitDeployment(
  { environment, proof, sha, moved }: Emission,
  { repository, deps }: { readonly repository: ConfigRepository; readonly deps: Deps },
): Promise<ReconcileResult> {
  const now = deps.clock();
  const key = { repositoryId: repository.id, environment: environment.name, sha };
  const held = holdAt(environment, now)?.until;
  const emergency = held !== undefined && (await isEmergency(proof, { repository, deps }));
  const heldUntil = emergency ? undefined : held;
  const intent: Deployment = {
    ...key,
    path: environment.path,
    pullRequest: proof.number,
    promotions: moved,
    state: "creating",
    deployers: environment.deploy,
    ...(heldUntil && { heldUntil }),
    createdAt: mergedAt(proof, now),
    changedAt: now,
  };
  const begun = await deps.store.deployments.begin(intent, proof.mergedBy);
  const url = `${deps.settings.githubWeb}/${nameWithOwner(repository)}/pull/${proof.number}`;
  await recordMerged(begun.deployment, deps, url);
  if (begun.deployment.githubId === undefined) {
    const there = proof.deployments.find(
      (one) => one.environment === environment.name && one.task === "deploy",
    );
    const doubtUntil = begun.deployment.changedAt.getTime() + DOUBT_MS;
    if (!there && begun.kind === "repeat" && now.getTime() < doubtUntil)
      return { requeueAt: new Date(doubtUntil) };
    const facts = { environment: environment.name, sha };
    const githubId = await deps.tracing.span(
      "deployment",
      facts,
      async () => there?.id ?? deps.github.in(repository).createDeployment(begun.deployment),
    );
    await deps.store.deployments.created(key, githubId);
    await notePermission("deployments", "given", { repository, deps });
    deps.log.info(
      {
        repository: nameWithOwner(repository),
        environment: environment.name,
        sha: key.sha,
        deployment: githubId,
      },
      "deployment created",
    );
  }
  if (emergency) await release([proof.number], { repository, deps });
  if (moved.some(({ from, to }) => isLower(to, from))) await enqueueDownstreamOfTakenBack(key, deps);
  await enqueue(deps.store.queue, { kind: "deployment", ...key });
  return undefined;
}

/**
 * At most a second after GitHub's merge time (whose resolution is seconds), so that a merge with a late webhook keeps
 * its place in the order.
 */
function mergedAt({ mergedAt: second }: MergeProof, now: Date): Date {
  return second && second.getTime() + 1_000 < now.getTime() ? new Date(second.getTime() + 1_000) : now;
}
