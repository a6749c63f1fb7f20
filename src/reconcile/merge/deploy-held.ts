// Releases held deployments early: when the config moves or removes the end of their hold, or when their pull request
// gets the emergency label after the merge.

import { holdAt } from "../../domain/deployment/hold.ts";
import type { Deployment } from "../../domain/model/deployment.ts";
import type { Delivery } from "../../domain/model/github/event.ts";
import { EMERGENCY_LABEL } from "../../domain/model/github/guarded-labels.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Deps, RepositoryContext } from "../context.ts";
import { enqueue, enqueueAll } from "../keys.ts";
import { isEmergency } from "../repository/emergency.ts";
import { requeueIfStale } from "../repository/stale-read.ts";

export interface Emergencies {
  /** Requeue times while GitHub does not show such a label yet (stale read). */
  readonly requeueAt: readonly Date[];
  /** Ids of the deliveries that announced such a label. */
  readonly waiting: ReadonlySet<string>;
}

/** Enqueues environments with deployments whose recorded hold end differs from the current config. */
export async function enqueueHeld({ repository, config, deps }: RepositoryContext): Promise<void> {
  const now = deps.clock();
  const held = await heldIn(repository, deps);
  for (const environment of config.environments) {
    const { name } = environment;
    const hold = holdAt(environment, now);
    const isOtherwise = ({ heldUntil }: Deployment) => heldUntil?.getTime() !== hold?.until?.getTime();
    if (held.some((one) => one.environment === name && (!hold || isOtherwise(one))))
      await enqueue(deps.store.queue, { kind: "deployment", repositoryId: repository.id, environment: name });
  }
}

/**
 * Enqueues environments with unfinished deployments: their calls may have waited for a readable config, or for a
 * deployer that the config may name now.
 */
export async function enqueueUndeployed({ repository, deps }: RepositoryContext): Promise<void> {
  const waiting = await deps.store.deployments.unfinished(repository.id);
  const keys = waiting.map(
    ({ repositoryId, environment }) => ({ kind: "deployment", repositoryId, environment }) as const,
  );
  await enqueueAll(deps.store.queue, keys);
}

/** Handles labels put on merged pull requests; one query for each pull request with a held deployment. */
export async function applyEmergencyLabels(
  deliveries: readonly Delivery[],
  { repository, deps }: RepositoryContext,
): Promise<Emergencies> {
  const requeueAt: Date[] = [];
  const waiting = new Set<string>();
  const labelled = deliveries.flatMap(emergencyIn);
  const held = labelled.length > 0 ? await heldIn(repository, deps) : [];
  for (const { id, number, base } of labelled) {
    if (!held.some(({ pullRequest }) => pullRequest === number)) continue;
    const proof = await deps.github.in(repository).proveMerge({ number, base, environments: [] });
    const { labels = [], headOid = "" } = proof ?? {};
    await releaseLabelled([{ number, labels }], { repository, deps });
    const shown = {
      heads: new Map(),
      pulls: [{ number, state: "merged", headSha: headOid, labels }],
    } as const;
    const later = await requeueIfStale(repository, shown, deps);
    if (!later) continue;
    requeueAt.push(later);
    waiting.add(id);
  }
  return { requeueAt, waiting };
}

interface Labelled {
  /** Id of the delivery. */
  readonly id: string;
  readonly number: number;
  readonly base: string;
}

function emergencyIn({ id, event }: Delivery): readonly Labelled[] {
  if (event.kind !== "pull-request-changed" || event.action !== "labeled") return [];
  const { number, base, label } = event;
  return label === EMERGENCY_LABEL ? [{ id, number, base }] : [];
}

/** Releases the held deployments of merged pull requests that have the label. */
export async function releaseLabelled(
  merges: readonly { readonly number: number; readonly labels: readonly string[] }[],
  place: Pick<RepositoryContext, "repository" | "deps">,
): Promise<void> {
  const labelled = merges.filter(({ labels }) => labels.includes(EMERGENCY_LABEL));
  if (labelled.length === 0) return;
  const held = new Set((await heldIn(place.repository, place.deps)).map(({ pullRequest }) => pullRequest));
  for (const merge of labelled)
    if (held.has(merge.number) && (await isEmergency(merge, place))) await release([merge.number], place);
}

/** Releases the held deployments of these merged pull requests, whose label was put on with write access. */
export async function release(
  numbers: readonly number[],
  { repository, deps }: Pick<RepositoryContext, "repository" | "deps">,
): Promise<void> {
  if (numbers.length === 0) return;
  for (const { environment, pullRequest, githubId } of await heldIn(repository, deps)) {
    if (githubId === undefined || !numbers.includes(pullRequest)) continue;
    await deps.store.deployments.update(githubId, { emergency: true });
    await enqueue(deps.store.queue, { kind: "deployment", repositoryId: repository.id, environment });
    deps.log.info({ repository: nameWithOwner(repository), deployment: githubId }, "released from a freeze");
  }
}

async function heldIn(repository: ConfigRepository, deps: Deps): Promise<readonly Deployment[]> {
  return (await deps.store.deployments.unfinished(repository.id)).filter(({ state }) => state === "held");
}
