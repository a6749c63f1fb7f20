// The one issue that tells a config repository of pushes that reached an environment without a merged pull request.

import type { DirectPush } from "../model/repository.ts";
import { code, text } from "../review/escape.ts";
import { changeIndex } from "./change-index.ts";
import type { MergeContext, MergeOutcome } from "./deploy-merge.ts";
import type { IssueText } from "./world.ts";

/** Adds to the issue. A forced push puts the folder where it says, so that earlier pushes to it matter no more. */
export async function reportPushes(
  found: readonly DirectPush[],
  { repository, world }: MergeContext,
): Promise<void> {
  if (found.length === 0) return;
  const known = (await world.store.repositories.index(repository.id))?.directPushes ?? [];
  const forced = new Set(found.filter((push) => push.forced).map(({ environment }) => environment));
  const kept = known.filter(
    (old) =>
      !forced.has(old.environment) &&
      !found.some(({ environment, after }) => environment === old.environment && after === old.after),
  );
  const directPushes = [...kept, ...found];
  await world.github.issue(repository, describeDirectPushes(directPushes));
  await changeIndex(repository, { directPushes }, world);
  world.log.warn({ repository: repository.id, found }, "pushed without a pull request");
}

/** Takes pushes that a deployment now contains off the issue, and closes it when none is left. */
export async function deployedSince(
  outcomes: readonly MergeOutcome[],
  { repository, world }: MergeContext,
): Promise<void> {
  const known = (await world.store.repositories.index(repository.id))?.directPushes;
  const emitted = outcomes.filter(({ deployed }) => deployed.length > 0);
  if (emitted.length === 0 || known?.length === 0) return;
  const left: DirectPush[] = [];
  for (const push of known ?? []) {
    if (!(await isContained(push, emitted, { repository, world }))) left.push(push);
  }
  if (known && left.length === known.length) return;
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

/** Without pushes the issue is closed. */
function describeDirectPushes(pushes: readonly DirectPush[]): IssueText {
  const title = "Pushed without a pull request, and not deployed";
  if (pushes.length === 0) return { kind: "direct-push", title };
  const body = [
    "Only what a merged pull request puts on an environment's branch is deployed. These commits were pushed, so they are not:",
    pushes.map(line).join("\n"),
    "The next deployment to the environment that contains them brings them out and closes this issue.",
  ].join("\n\n");
  return { kind: "direct-push", title, body };
}

function line({ environment, branch, after, forced, pusher, headlines }: DirectPush): string {
  const [newest = "", ...more] = headlines;
  const others = more.length === 0 ? "" : ` and ${more.length} more`;
  const how = forced ? "forced" : "pushed";
  return `* ${code(environment)}: ${code(pusher)} ${how} ${code(after.slice(0, 7))} to ${code(branch)}: ${text(newest)}${others}`;
}
