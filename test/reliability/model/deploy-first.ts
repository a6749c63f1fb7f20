// What has to be there before a cluster can drift: a deployment that succeeded, and nothing under way.

import type { Memory } from "./memory.ts";
import type { Environment } from "./stage.ts";
import { openChange, press } from "./steps/peoples-steps.ts";
import { finish, rest, type Story } from "./story.ts";
import { deploymentsIn } from "./truth.ts";

/** Whether the config has it watched, and the server can know that. */
export function isWatched({ name }: Environment, memory: Memory): boolean {
  return memory.isSure && !memory.leftOut.environments.has(name);
}

/** Ends what is under way. Where nothing was deployed with success, people change something, merge it, and it is deployed. */
export async function deployFirst(story: Story, place: Environment, memory: Memory): Promise<void> {
  if (!isWatched(place, memory)) return;
  await rest(story);
  await finishIn(story, place);
  if (isDeployed(story, place) || memory.frozen.has(place.name)) return;
  const { repository, branch, folder } = place;
  const change = openChange({ repository, branch, folders: [folder] }, story, memory);
  await rest(story);
  press({ ...change, method: "merge" }, story, memory);
  await rest(story);
  await finishIn(story, place);
}

function isDeployed({ testBed }: Story, place: Environment): boolean {
  return deploymentsIn(testBed, place).some(({ statuses }) =>
    statuses.some(({ state }) => state === "success"),
  );
}

/** The deployer says of all that it does there that it went well. */
export async function finishIn(story: Story, { name, repository }: Environment): Promise<void> {
  const here = story.hook
    .running()
    .filter((one) => one.environment === name && one.repository === repository);
  for (const call of here) await finish(story, call, "success");
  await rest(story);
}
