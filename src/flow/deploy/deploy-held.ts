// What a freeze holds back goes out before its end when the configuration says another end, or none, or when its pull
// request gets the label for emergencies after the merge.

import { EMERGENCY, frozenUntil } from "../../merge/frozen.ts";
import type { Deployment } from "../../model/deployment.ts";
import type { Delivery } from "../../model/event.ts";
import type { ConfigRepository } from "../../model/repository.ts";
import { askAgain } from "../look/behind.ts";
import type { World } from "../world.ts";
import type { MergeContext } from "./merge-context.ts";

export interface Emergencies {
  /** When to ask again for a label that GitHub does not show yet. */
  readonly again: readonly Date[];
  /** Ids of deliveries that tell of such a label. */
  readonly waiting: ReadonlySet<string>;
}

/** Has environments looked at whose deployments are held until another moment than the configuration says now. */
export async function wakeHeld({ repository, config, world }: MergeContext): Promise<void> {
  const now = world.clock();
  const held = await heldIn(repository, world);
  for (const { name, freeze } of config.environments) {
    const until = frozenUntil(freeze, now)?.getTime();
    const changed = held.some(
      ({ environment, heldUntil }) => environment === name && heldUntil?.getTime() !== until,
    );
    if (changed) await world.store.queue.mark(`deploy:${repository.id}/${name}`, { priority: 2 });
  }
}

/** Labels that were put on merged pull requests; one query for each of which something is held. */
export async function heedLabels(
  deliveries: readonly Delivery[],
  { repository, world }: MergeContext,
): Promise<Emergencies> {
  const again: Date[] = [];
  const waiting = new Set<string>();
  const held = await heldIn(repository, world);
  for (const { id, event } of deliveries) {
    if (event.kind !== "pull-request-changed" || event.label !== EMERGENCY || event.action !== "labeled")
      continue;
    const { number, base } = event;
    if (!held.some(({ pullRequest }) => pullRequest === number)) continue;
    const proof = await world.github.proveMerge(repository, { number, base, environments: [] });
    const { labels = [], headOid = "" } = proof ?? {};
    if (labels.includes(EMERGENCY)) await release([number], { repository, world });
    const shown = {
      heads: new Map(),
      pulls: [{ number, state: "merged", headSha: headOid, labels }],
    } as const;
    const later = await askAgain(repository.id, shown, world);
    if (!later) continue;
    again.push(later);
    waiting.add(id);
  }
  return { again, waiting };
}

/** Lets out what is held of these merged pull requests, which carry the label. */
export async function release(
  numbers: readonly number[],
  { repository, world }: Pick<MergeContext, "repository" | "world">,
): Promise<void> {
  if (numbers.length === 0) return;
  for (const { environment, pullRequest, githubId } of await heldIn(repository, world)) {
    if (githubId === undefined || !numbers.includes(pullRequest)) continue;
    await world.store.deployments.update(githubId, { emergency: true });
    await world.store.queue.mark(`deploy:${repository.id}/${environment}`, { priority: 2 });
    world.log.info({ repository: repository.id, deployment: githubId }, "released from a freeze");
  }
}

async function heldIn({ id }: ConfigRepository, { store }: World): Promise<readonly Deployment[]> {
  const unfinished = await store.deployments.unfinished();
  return unfinished.filter(({ repositoryId, state }) => repositoryId === id && state === "held");
}
