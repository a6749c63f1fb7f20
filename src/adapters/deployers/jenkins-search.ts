// Finds a deployment on Jenkins: in the queue, or among the job's builds.

import * as z from "zod";
import type { BuildList, ListedBuild } from "../../domain/deployment/builds-since.ts";
import { isSameJob, queueItem, rootOf } from "./jenkins-address.ts";
import { api, type JenkinsClient, type JenkinsRead, readJson } from "./jenkins-api.ts";
import {
  ACTIONS,
  actions,
  DEFINITION,
  type DeclaredParameter,
  definition,
  deploymentIn,
} from "./jenkins-parameters.ts";

const queue = z.object({
  items: z.array(z.object({ url: z.string(), task: z.object({ url: z.string() }).partial(), actions })),
});
const job = z.object({
  nextBuildNumber: z.int().optional(),
  property: z.array(z.object({ parameterDefinitions: z.array(definition).optional() }).nullable()).optional(),
  builds: z.array(z.object({ number: z.int(), actions })).default([]),
});

const QUEUE = `items[url,task[url],${ACTIONS}]`;
const JOB = `nextBuildNumber,property[parameterDefinitions[${DEFINITION}]],builds[number,${ACTIONS}]{0,100}`;

/** The queue item or build of a deployment. */
export type FoundBuild =
  | { readonly kind: "item"; readonly url: string }
  | { readonly kind: "build"; readonly number: number };

export interface Nowhere extends BuildList {
  readonly kind: "nowhere";
  /** The job's parameters, if Jenkins lists them: others are dropped. */
  readonly declared?: readonly DeclaredParameter[];
}

/**
 * Searches the queue first and then the job's last 100 builds for the deployment's id: a queue item may become a build
 * meanwhile, but never the reverse.
 */
export async function findDeployment(
  jenkins: JenkinsClient,
  deploymentId: number,
): Promise<JenkinsRead<FoundBuild | Nowhere>> {
  const { deployer } = jenkins;
  const id = String(deploymentId);
  const queued = await readJson(jenkins, api(`${rootOf(deployer.job)}/queue/`, QUEUE), queue);
  if (queued.kind !== "read") return queued;
  const waiting = queued.value.items.find(
    (one) => isSameJob(one.task.url ?? "", deployer.job) && deploymentIn(one.actions) === id,
  );
  const url = waiting === undefined ? undefined : queueItem(deployer.job, waiting.url);
  if (url !== undefined) return { kind: "read", value: { kind: "item", url } };
  const built = await readJson(jenkins, api(`${deployer.job}/`, JOB), job);
  if (built.kind !== "read") return built;
  const builds = built.value.builds.map(listed);
  const found = builds.find((one) => one.deploymentId === id);
  if (found !== undefined) return { kind: "read", value: { kind: "build", number: found.number } };
  return { kind: "read", value: { kind: "nowhere", builds, ...aboutJob(built.value, builds) } };
}

function listed({ number, actions: given }: z.infer<typeof job>["builds"][number]): ListedBuild {
  const deploymentId = deploymentIn(given);
  return { number, ...(deploymentId !== undefined && { deploymentId }) };
}

function aboutJob(
  { nextBuildNumber, property }: z.infer<typeof job>,
  [newest]: readonly ListedBuild[],
): Pick<Nowhere, "nextBuild" | "declared"> {
  const declared = property?.flatMap((one) => one?.parameterDefinitions ?? []);
  return { nextBuild: nextBuildNumber ?? (newest?.number ?? 0) + 1, ...(declared && { declared }) };
}
