// The one issue that tells a config repository of pushes that reached an environment without a merged pull request.

import type { DirectPush } from "../../model/repository.ts";
import { changeIndex } from "../look/change-index.ts";
import type { MergeOutcome } from "./deploy-merge.ts";
import type { MergeContext } from "./merge-context.ts";
import { describeDirectPushes, readDirectPushes } from "./push-issue.ts";

/** Those on record; where the record is new, those that the open issue tells of, in one request. */
export async function knownPushes({
  repository,
  world,
}: Pick<MergeContext, "repository" | "world">): Promise<readonly DirectPush[]> {
  const known = (await world.store.repositories.index(repository.id))?.directPushes;
  if (known) return known;
  const directPushes = readDirectPushes(await world.github.issueBody(repository, "direct-push"));
  await changeIndex(repository, { directPushes }, world);
  return directPushes;
}

/** Adds to the issue. A forced push puts the folder where it says, so that earlier pushes to it matter no more. */
export async function reportPushes(
  found: readonly DirectPush[],
  { repository, world }: MergeContext,
): Promise<void> {
  if (found.length === 0) return;
  const known = await knownPushes({ repository, world });
  const directPushes = together(known, found);
  await world.github.issue(repository, describeDirectPushes(directPushes));
  await changeIndex(repository, { directPushes }, world);
  world.log.warn({ repository: repository.id, found }, "pushed without a pull request");
}

/** Each once, the newest last; what was told of a push says more than that it was found. */
function together(known: readonly DirectPush[], found: readonly DirectPush[]): readonly DirectPush[] {
  const forced = new Set(found.filter((push) => push.forced).map(({ environment }) => environment));
  const all = new Map<string, DirectPush>();
  for (const push of [...known.filter(({ environment }) => !forced.has(environment)), ...found]) {
    const key = `${push.environment} ${push.after}`;
    if (all.has(key) && push.pusher === "") continue;
    all.delete(key);
    all.set(key, push);
  }
  return [...all.values()];
}

/** Takes pushes that a deployment now contains off the issue, and closes it when none is left. */
export async function deployedSince(
  outcomes: readonly MergeOutcome[],
  { repository, world }: MergeContext,
): Promise<void> {
  const emitted = outcomes.filter(({ deployed }) => deployed.length > 0);
  if (emitted.length === 0) return;
  const known = await knownPushes({ repository, world });
  const left: DirectPush[] = [];
  for (const push of known) {
    if (!(await isContained(push, emitted, { repository, world }))) left.push(push);
  }
  if (left.length === known.length) return;
  await world.github.issue(repository, describeDirectPushes(left));
  await changeIndex(repository, { directPushes: left }, world);
}

async function isContained(
  { environment, after }: DirectPush,
  emitted: readonly MergeOutcome[],
  { repository, world }: Pick<MergeContext, "repository" | "world">,
): Promise<boolean> {
  for (const { deployed, proved } of emitted) {
    if (!proved || !deployed.includes(environment)) continue;
    if (proved.contains.includes(after)) return true;
    const reached = await world.github.containment(repository, [proved.sha, after]);
    if (reached.get(proved.sha)?.has(after)) return true;
  }
  return false;
}
