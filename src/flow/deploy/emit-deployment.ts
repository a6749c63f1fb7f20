// One deployment for one environment and merge commit: kept, created on GitHub, and handed on. Exactly once.

import { EMERGENCY, frozenUntil } from "../../merge/frozen.ts";
import type { Environment } from "../../model/config.ts";
import type { Deployment, Moved } from "../../model/deployment.ts";
import type { ProofAnswer } from "../../model/merge.ts";
import type { ConfigRepository } from "../../model/repository.ts";
import { recordMerged } from "../promote/promotion-records.ts";
import { isLower } from "../upstream/brought-out.ts";
import { wakeDownstream } from "../upstream/wake-downstream.ts";
import type { Again, World } from "../world.ts";
import { release } from "./deploy-held.ts";

/** After an answer was lost, GitHub is given this long to show the deployment before it is asked for again. */
const DOUBT_MS = 15_000;

export interface Emission {
  readonly environment: Environment;
  readonly proof: ProofAnswer;
  readonly sha: string;
  readonly moved: readonly Moved[];
}

/** The intent is kept before GitHub is asked; what the App already made for this commit and environment is taken up. */
export async function emitDeployment(
  { environment, proof, sha, moved }: Emission,
  { repository, world }: { readonly repository: ConfigRepository; readonly world: World },
): Promise<Again> {
  const now = world.clock();
  const key = { repositoryId: repository.id, environment: environment.name, sha };
  const emergency = proof.labels.includes(EMERGENCY);
  const heldUntil = emergency ? undefined : frozenUntil(environment.freeze, now);
  const intent: Deployment = {
    ...key,
    pullRequest: proof.number,
    promotions: moved,
    state: "creating",
    deployers: environment.deploy,
    ...(heldUntil && { heldUntil }),
    createdAt: mergedAt(proof, now),
    changedAt: now,
  };
  const begun = await world.store.deployments.begin(intent);
  await recordMerged(begun.deployment, world);
  if (begun.deployment.githubId === undefined) {
    const there = proof.deployments.find(
      (one) => one.environment === environment.name && one.task === "deploy",
    );
    const doubtUntil = begun.deployment.changedAt.getTime() + DOUBT_MS;
    if (!there && begun.kind === "repeat" && now.getTime() < doubtUntil)
      return { again: new Date(doubtUntil) };
    const githubId = there?.id ?? (await world.github.createDeployment(repository, begun.deployment));
    await world.store.deployments.created(key, githubId);
    world.log.info({ ...key, deployment: githubId }, "deployment created");
  }
  if (emergency) await release([proof.number], { repository, world });
  if (moved.some(({ from, to }) => isLower(to, from))) await wakeDownstream(key, world);
  await world.store.queue.mark(`deploy:${repository.id}/${environment.name}`, { priority: 2 });
  return undefined;
}

/** A merge that is told of late does not come after those that were told of before it. GitHub's clock counts seconds. */
function mergedAt({ mergedAt: second }: ProofAnswer, now: Date): Date {
  return second && second.getTime() + 1_000 < now.getTime() ? new Date(second.getTime() + 1_000) : now;
}
