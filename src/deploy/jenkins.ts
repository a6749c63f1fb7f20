// The steps of a call to a Jenkins job: look whether it is there already, ask for a build, follow the queue item, then the build.

import type { DeployerCall } from "../model/deployment.ts";
import type { Problem } from "../model/problem.ts";
import {
  aboutToCall,
  advance,
  ended,
  noNews,
  notTold,
  pending,
  reportedMeanwhile,
  type Step,
  type Tools,
} from "./call.ts";
import { type Errand, fields } from "./errand.ts";
import { buildOf, isQueueItem, queueItem } from "./jenkins-address.ts";
import {
  type Build,
  type Found,
  findDeployment,
  type JenkinsDeployer,
  type QueueItem,
  readBuild,
  readItem,
  startBuild,
} from "./jenkins-api.ts";

interface Job extends Tools {
  readonly deployer: JenkinsDeployer;
}

/** Tells Jenkins, after having looked that no earlier try got through: the deployment's id is the key. */
export async function callJenkins(call: DeployerCall, errand: Errand, job: Job): Promise<Step> {
  const found = await findDeployment(job, call.deploymentId);
  if (found.kind !== "read") return notTold(call, found, job);
  if (found.value.kind !== "nowhere") return foundAt(call, found.value, job);
  const told = aboutToCall(call, job.now);
  if (!(await job.save(told))) return reportedMeanwhile(call, job);
  const verdict = await startBuild(job, fields(errand));
  if (verdict.kind === "taken") {
    const url = queueItem(job.deployer.job, verdict.headers.get("location") ?? "");
    return url === undefined ? { call: told, again: settled(told, job) } : pending({ ...told, url }, job);
  }
  if (verdict.sent === "no") return notTold(call, verdict, job);
  return { call: { ...told, problem: verdict.problem }, again: settled(told, job) };
}

export async function followJenkins(call: DeployerCall, job: Job): Promise<Step> {
  if (call.url === undefined) return lookFor(call, job);
  return isQueueItem(call.url) ? followItem(call, call.url, job) : followBuild(call, call.url, job);
}

/** Jenkins forgets a queue item five minutes after it left the queue; the build it became is still found by its parameter. */
async function followItem(call: DeployerCall, url: string, job: Job): Promise<Step> {
  const item = await readItem(job, url);
  if (item.kind === "read") return itemSays(call, item.value, job);
  return item.status === 404 ? lookFor(call, job) : noNews(call, item, job);
}

function itemSays(call: DeployerCall, item: QueueItem, job: Job): Promise<Step> | Step {
  if (item.cancelled === true)
    return ended(call, aborted(`The queued build at ${call.deployer} was cancelled.`));
  if (item.executable) return followBuild(call, buildOf(job.deployer.job, item.executable.number), job);
  const { problem: _problem, ...queued } = call;
  return pending({ ...queued, description: "In the queue" }, job);
}

async function followBuild(call: DeployerCall, url: string, job: Job): Promise<Step> {
  const build = await readBuild(job, url);
  if (build.kind === "read") return buildSays({ ...call, url }, build.value, job);
  if (build.status === 404 && call.url === url && (await isDeleted(call, job)))
    return ended(call, aborted(`The build ${url} was deleted before its result could be read.`));
  return noNews({ ...call, url }, build, job);
}

/** A proxy before a Jenkins that restarts answers 404 as well, but then the job is not to be read either. */
async function isDeleted({ deploymentId }: DeployerCall, job: Job): Promise<boolean> {
  const found = await findDeployment(job, deploymentId);
  return found.kind === "read" && found.value.kind === "nowhere";
}

function buildSays(call: DeployerCall, build: Build, job: Job): Step {
  const about = {
    ...(call.url === undefined ? {} : { url: call.url }),
    log: call.log ?? `${build.url}console`,
  };
  if (build.building || build.result === null) {
    const description = `Build ${build.number} is running`;
    return pending(advance(call, { state: "running", ...about, description }), job);
  }
  const ending = { ...about, description: `Build ${build.number} ended with ${build.result}` };
  switch (build.result) {
    case "SUCCESS":
      return { call: advance(call, { state: "done", ...ending }) };
    case "FAILURE":
    case "UNSTABLE":
      return { call: advance(call, { state: "failed", ...ending }) };
    default:
      return ended(
        { ...call, ...ending },
        aborted(`Build ${build.number} at ${call.deployer} ended with ${build.result}.`),
      );
  }
}

/** For a call without an acknowledgement, or with one that led nowhere: it is there, or it has to be made again. */
async function lookFor(call: DeployerCall, job: Job): Promise<Step> {
  const found = await findDeployment(job, call.deploymentId);
  if (found.kind !== "read") return noNews(call, found, job);
  if (found.value.kind !== "nowhere") return foundAt(call, found.value, job);
  if (call.state === "running") return pending(call, job);
  if (settled(call, job) > job.now) return { call, again: settled(call, job) };
  return { call: advance(call, { state: "waiting" }), again: job.now };
}

function foundAt(
  call: DeployerCall,
  found: Exclude<Found, { kind: "nowhere" }>,
  job: Job,
): Promise<Step> | Step {
  const told = { ...call, calledAt: call.calledAt ?? job.now };
  if (found.kind === "build") return followBuild(told, buildOf(job.deployer.job, found.number), job);
  return pending(advance(told, { state: "called", url: found.url }), job);
}

function settled({ calledAt }: DeployerCall, { now, patience }: Tools): Date {
  return new Date((calledAt ?? now).getTime() + patience.settleMs);
}

function aborted(message: string): Problem {
  return {
    code: "deployer-aborted",
    message,
    help: "See who or what stopped it; merging a further change, or /rollback, deploys again.",
  };
}
