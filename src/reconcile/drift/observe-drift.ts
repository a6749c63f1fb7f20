// What is known of one environment's drift now, from the database and the config.

import { statesOf } from "../../domain/deployment/combine-calls.ts";
import { holdAt } from "../../domain/deployment/hold.ts";
import { lastDeployed, lastSucceeded } from "../../domain/deployment/last-deployed.ts";
import {
  type DeploymentCandidate,
  isKnown,
  isUnfinished,
  type KnownDeployment,
} from "../../domain/deployment/next-deployment.ts";
import { type DriftFacts, HEALS_COUNT_MS, type Heal } from "../../domain/drift/decide-drift.ts";
import type { Environment, EnvironmentKey } from "../../domain/model/config/config.ts";
import type { Deployment } from "../../domain/model/deployment.ts";
import type { DriftPolicy, DriftReport, DriftWatch, SeenResource } from "../../domain/model/drift.ts";
import type { Deps } from "../context.ts";

/** How many of the environment's deployments are considered: more than the heals of a day, or failures in a row. */
const CONSIDERED = 30;

/** The parts of an environment's deployments that drift depends on. */
export interface DeployedSoFar {
  /** Newest first. */
  readonly all: readonly Deployment[];
  /** The last ended deployment that its deployers were called for. */
  readonly last: KnownDeployment | undefined;
  /** The last successful one. */
  readonly succeeded: KnownDeployment | undefined;
  readonly open: Deployment | undefined;
}

export async function deployedSoFar(
  { repositoryId, environment }: EnvironmentKey,
  { store: { deployments } }: Pick<Deps, "store">,
): Promise<DeployedSoFar> {
  const all = await deployments.ofEnvironment(repositoryId, environment, CONSIDERED);
  const known: DeploymentCandidate[] = [];
  for (const deployment of all.filter(isKnown))
    known.push({ deployment, calls: await deployments.calls(deployment.githubId) });
  const open = all.filter(isUnfinished);
  return {
    all,
    last: lastDeployed(known),
    succeeded: lastSucceeded(known),
    open: open.find(({ state }) => state !== "held") ?? open[0],
  };
}

export interface ObservedDrift {
  readonly facts: DriftFacts;
  /** Reports about the last successful deployment, without the ignored fields. */
  readonly reports: readonly DriftReport[];
}

export async function observeDrift(
  key: EnvironmentKey,
  { environment, policy, watch }: Watched,
  deps: Deps,
): Promise<ObservedDrift> {
  const now = deps.clock();
  const { all, last, succeeded, open } = await deployedSoFar(key, deps);
  const known = (await deps.store.drift.reports(key)).map(({ report }) => report);
  const reports: DriftReport[] = [];
  for (const report of known.filter((one) => isAbout(succeeded, one)))
    reports.push({ ...report, resources: await relevantOf(report, policy, deps) });
  const failedSince = last && last.sha !== succeeded?.sha ? last : undefined;
  const frozen = holdAt(environment, now);
  const facts: DriftFacts = {
    ...{ now, policy, last: succeeded, resources: reports.flatMap(({ resources }) => resources) },
    reportedAt: newest(reports.map(({ reportedAt }) => reportedAt)),
    silentSince:
      newest([
        ...known.map(({ reportedAt }) => reportedAt),
        ...[watch.since, deps.startedAt, ...(succeeded ? [succeeded.changedAt] : [])],
      ]) ?? now,
    ...(open && { open }),
    ...(failedSince && { failedSince }),
    ...(frozen && { frozen }),
    ...(watch.keep && { keep: watch.keep }),
    heals: await inWhole(
      all.filter((one) => isRecentHeal(one, succeeded, now)),
      deps,
    ),
  };
  return { facts, reports };
}

export interface Watched {
  readonly environment: Environment;
  readonly policy: DriftPolicy;
  readonly watch: DriftWatch;
}

function isAbout(succeeded: KnownDeployment | undefined, { deploymentId, deployer }: DriftReport): boolean {
  return succeeded?.githubId === deploymentId && succeeded.deployers.includes(deployer);
}

/** Runs in a worker thread: a report may name thousands of fields, and each is matched against every rule. */
async function relevantOf(
  { deployer, resources }: DriftReport,
  { ignore }: DriftPolicy,
  { decisions }: Deps,
): Promise<readonly SeenResource[]> {
  if (ignore.length === 0 || resources.length === 0) return resources;
  const kept = await decisions.decide(`drift ${deployer}`, "withoutIgnored", resources, ignore);
  if (!kept.ok) throw new Error(kept.problems.map(({ message }) => message).join(" "));
  return kept.value;
}

/** A superseded heal (`inactive`) does not count: no deployer was called for it. */
function isRecentHeal(
  { repeats, state, createdAt }: Deployment,
  succeeded: KnownDeployment | undefined,
  now: Date,
): boolean {
  if (repeats?.task !== "heal" || state === "inactive") return false;
  const isOfToday = now.getTime() - createdAt.getTime() < HEALS_COUNT_MS;
  return isOfToday || (succeeded !== undefined && createdAt > succeeded.createdAt);
}

/** Adds the deployers' messages; after the loss of the database, the description that GitHub shows. */
async function inWhole(
  heals: readonly Deployment[],
  { store: { deployments } }: Pick<Deps, "store">,
): Promise<readonly Heal[]> {
  const described: Heal[] = [];
  for (const heal of heals) {
    const calls = heal.githubId === undefined ? [] : await deployments.calls(heal.githubId);
    const description = statesOf(calls) || heal.description;
    described.push({ ...heal, ...(description !== undefined && { description }) });
  }
  return described;
}

function newest(dates: readonly Date[]): Date | undefined {
  return dates.length === 0 ? undefined : new Date(Math.max(...dates.map((date) => date.getTime())));
}
