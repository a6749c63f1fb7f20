// The steps of a call to a Jenkins job: search for an earlier try, start a build, poll the queue item, then poll the
// build.

import { excludesDeployment } from "../../domain/deployment/builds-since.ts";
import {
  aboutToCall,
  advance,
  type CallStep,
  type CallTools,
  calledInVain,
  ended,
  noNews,
  notDelivered,
  pending,
  reportedMeanwhile,
} from "../../domain/deployment/call-state.ts";
import { type DeployRequest, fieldsOf } from "../../domain/deployment/deploy-request.ts";
import { isOver, nextAttempt } from "../../domain/deployment/timeouts.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";
import type { HttpClient } from "./http-client.ts";
import { buildNumber, buildOf, isQueueItem, isSameJob, jobAt, queueItem, rootOf } from "./jenkins-address.ts";
import {
  type JenkinsBuild,
  type JenkinsDeployer,
  type JenkinsQueueItem,
  readBuild,
  readItem,
} from "./jenkins-api.ts";
import { deploymentIn, whyUnfit } from "./jenkins-parameters.ts";
import { aborted, endOfBuild, notSeen, notShown, stillQueued } from "./jenkins-problems.ts";
import { type FoundBuild, findDeployment, type Nowhere } from "./jenkins-search.ts";
import { startBuild } from "./jenkins-start.ts";

interface Job extends CallTools {
  readonly httpClient: HttpClient;
  readonly deployer: JenkinsDeployer;
}

/** Starts a build after searching for an earlier try: the deployment's id is the idempotency key. */
export async function callJenkins(call: DeployerCall, request: DeployRequest, job: Job): Promise<CallStep> {
  const found = await findDeployment(job, call.deploymentId);
  if (found.kind !== "read") return notDelivered(call, found, job);
  const { value } = found;
  if (value.kind !== "nowhere") return foundAt(call, value, job);
  const fields = fieldsOf(request);
  const unfit = value.declared && whyUnfit(fields, value.declared, job.deployer.name);
  if (unfit) return notDelivered(call, unfit, job);
  const called = { ...aboutToCall(call, job.now), nextBuild: value.nextBuild, job: job.deployer.job };
  if (!(await job.save(called))) return reportedMeanwhile(call, job);
  const verdict = await startBuild(job, fields);
  if (verdict.kind === "taken") {
    const url = queueItem(job.deployer.job, verdict.headers.get("location") ?? "");
    return url === undefined
      ? { call: called, requeueAt: settledAt(called, job) }
      : pending({ ...called, url }, job);
  }
  if (verdict.sent === "no") return notDelivered(call, verdict, job);
  return { call: { ...called, problem: verdict.problem }, requeueAt: settledAt(called, job) };
}

/** A failed build is polled for a while as well, since people may rebuild it. */
export async function followJenkins(call: DeployerCall, job: Job): Promise<CallStep> {
  if (call.state === "failed") return followRebuild(call, job);
  const step = await stepOf(call, job);
  return step.call.state === "failed" ? withRebuildDue({ ...step.call, endedAt: job.now }, job) : step;
}

function stepOf(call: DeployerCall, job: Job): Promise<CallStep> {
  if (call.url === undefined) return findBuild(call, job);
  return isQueueItem(call.url) ? followItem(call, call.url, job) : followBuild(call, call.url, job);
}

/**
 * Jenkins deletes a queue item five minutes after it left the queue; its build is then found by its parameter. After a
 * crash Jenkins may give the item's number to another one.
 */
async function followItem(call: DeployerCall, url: string, job: Job): Promise<CallStep> {
  const item = await readItem(job, url);
  if (item.kind === "read" && isOf(call, item.value, job)) return stepOfItem(call, item.value, job);
  if (item.kind !== "read" && item.status !== 404) return noNews(call, item, job);
  const { url: _gone, ...unacknowledged } = call;
  return findBuild(unacknowledged, job);
}

function stepOfItem(call: DeployerCall, item: JenkinsQueueItem, job: Job): Promise<CallStep> | CallStep {
  if (item.cancelled === true) return aborted(call, `The queued build at ${call.deployer} was cancelled.`);
  const itsJob = jobAt(job.deployer.job, item.task.url ?? "");
  if (item.executable) return followBuild(call, buildOf(itsJob, item.executable.number), job);
  const { problem: _problem, ...queued } = call;
  const step = pending({ ...queued, description: "In the queue" }, job);
  return step.call.state === "failed" && item.why ? ended(step.call, stillQueued(step.call, item.why)) : step;
}

/** By its DEPLOYMENT_ID; where a job lost that parameter, any build of the job. */
function isOf(
  { deploymentId }: DeployerCall,
  { actions, task }: Pick<JenkinsBuild, "actions"> & Partial<Pick<JenkinsQueueItem, "task">>,
  { deployer }: Job,
): boolean {
  const id = deploymentIn(actions);
  return id === undefined ? !task?.url || isSameJob(task.url, deployer.job) : id === String(deploymentId);
}

async function followBuild(call: DeployerCall, url: string, job: Job): Promise<CallStep> {
  const build = await readBuild(job, url);
  if (build.kind === "read" && isOf(call, build.value, job))
    return stepOfBuild({ ...call, url }, build.value, job);
  if (build.kind !== "read" && (build.status !== 404 || call.url !== url))
    return noNews({ ...call, url }, build, job);
  // A proxy in front of a restarting Jenkins answers 404 as well, but then the job cannot be read either.
  const found = await findDeployment(job, call.deploymentId);
  if (found.kind === "read" && found.value.kind === "nowhere") return notShown(call, url, job.deployer);
  if (found.kind === "read" && isOther(found.value, url)) return rebuiltAt(call, found.value, job);
  if (found.kind === "read" && isMoved(found.value, url, job)) return foundAt(call, found.value, job);
  return build.kind === "read" ? notShown(call, url, job.deployer) : noNews(call, build, job);
}

async function stepOfBuild(call: DeployerCall, build: JenkinsBuild, job: Job): Promise<CallStep> {
  const about = { ...(call.url !== undefined && { url: call.url }), log: call.log ?? `${build.url}console` };
  if (build.building || build.result === null) {
    const description = `Build ${build.number} is running`;
    return pending(advance(call, { state: "running", ...about, description }), job);
  }
  const description = `Build ${build.number} ended with ${build.result}`;
  if (build.result === "SUCCESS") return { call: advance(call, { state: "done", ...about, description }) };
  const rebuilt = await findRebuild(call, job);
  return rebuilt ? rebuiltAt(call, rebuilt, job) : endOfBuild({ ...call, ...about, description }, build);
}

/** For a call without an acknowledgement, or with one that led nowhere: it is there, it is gone, or nobody can tell. */
async function findBuild(call: DeployerCall, job: Job): Promise<CallStep> {
  const found = await findDeployment(job, call.deploymentId);
  if (found.kind !== "read") return noNews(call, found, job);
  if (found.value.kind !== "nowhere") return foundAt(call, found.value, job);
  if (call.state === "running") return pending(call, job);
  if (call.job === undefined || call.job === job.deployer.job) return missing(call, found.value, job);
  return findFormer(call, call.job, job);
}

/**
 * server.yaml has had another job since the call. It is searched as well where it is on the same server, and nothing of
 * the new job proves that there was no build.
 */
async function findFormer(call: DeployerCall, former: string, job: Job): Promise<CallStep> {
  const there = { ...job, deployer: { ...job.deployer, job: former } };
  const isReached = rootOf(former) === rootOf(job.deployer.job);
  const found = isReached ? await findDeployment(there, call.deploymentId) : undefined;
  if (found?.kind === "read" && found.value.kind !== "nowhere") return foundAt(call, found.value, there);
  return pending({ ...call, problem: notSeen(call) }, job);
}

/** Only after it was missing twice, some time apart: a starting build is in neither list for a moment. */
function missing(call: DeployerCall, seen: Nowhere, job: Job): CallStep {
  if (settledAt(call, job) > job.now) return { call, requeueAt: settledAt(call, job) };
  const missingSince = call.missingSince ?? job.now;
  const sought = { ...call, missingSince };
  const retryAt = new Date(missingSince.getTime() + job.timeouts.settleMs);
  if (retryAt > job.now) return { call: sought, requeueAt: retryAt };
  const from = call.nextBuild ?? seen.builds.at(-1)?.number ?? seen.nextBuild;
  if (excludesDeployment(seen, from, String(call.deploymentId))) return calledInVain(sought, job);
  return pending({ ...sought, problem: notSeen(call) }, job);
}

function foundAt(call: DeployerCall, found: FoundBuild, job: Job): Promise<CallStep> | CallStep {
  const called = { ...call, calledAt: call.calledAt ?? job.now };
  if (found.kind === "build") return followBuild(called, buildOf(job.deployer.job, found.number), job);
  return pending(advance(called, { state: "called", url: found.url }), job);
}

async function followRebuild(call: DeployerCall, job: Job): Promise<CallStep> {
  const step = withRebuildDue(call, job);
  if (step.requeueAt === undefined) return step;
  const rebuilt = await findRebuild(call, job);
  if (rebuilt) return rebuiltAt(call, rebuilt, job);
  return (await lateEnd(call, job)) ?? step;
}

/** Of a build that ended after the time limit, for example since somebody answered its `input` step. */
async function lateEnd(call: DeployerCall, job: Job): Promise<CallStep | undefined> {
  if (call.problem?.code !== "deployer-silent" || !call.url || isQueueItem(call.url)) return undefined;
  const build = await readBuild(job, call.url);
  if (build.kind !== "read" || build.value.building || !isOf(call, build.value, job)) return undefined;
  const step = await stepOfBuild(call, build.value, job);
  return step.call.state === "failed" ? withRebuildDue(step.call, job) : step;
}

/** Polls the other build from now on, with the same time limit. */
function rebuiltAt(
  { log: _log, ...call }: DeployerCall,
  rebuilt: FoundBuild,
  job: Job,
): Promise<CallStep> | CallStep {
  return foundAt({ ...call, calledAt: job.now }, rebuilt, job);
}

function withRebuildDue(call: DeployerCall, { now, timeouts }: Job): CallStep {
  const { endedAt } = call;
  if (endedAt === undefined || isOver(endedAt, timeouts.reportWithinMs, now)) return { call };
  return { call, requeueAt: nextAttempt(endedAt, now, timeouts.pollMs) };
}

/** Another build of the same deployment than the one polled last. */
async function findRebuild({ deploymentId, url }: DeployerCall, job: Job): Promise<FoundBuild | undefined> {
  const found = await findDeployment(job, deploymentId);
  if (found.kind !== "read" || found.value.kind === "nowhere") return undefined;
  return isOther(found.value, url) ? found.value : undefined;
}

function isOther(found: FoundBuild | Nowhere, url = ""): found is FoundBuild {
  if (found.kind === "item") return found.url !== url;
  return found.kind === "build" && found.number > (buildNumber(url) ?? 0);
}

/** When a job is renamed, Jenkins moves its builds along; server.yaml has the job's present URL. */
function isMoved(found: FoundBuild | Nowhere, url: string, { deployer }: Job): found is FoundBuild {
  return found.kind === "build" && !url.startsWith(`${deployer.job}/`);
}

function settledAt({ calledAt }: DeployerCall, { now, timeouts }: CallTools): Date {
  return new Date((calledAt ?? now).getTime() + timeouts.settleMs);
}
