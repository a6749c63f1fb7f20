// Deployments and their statuses.

import { isContained } from "../git/history.ts";
import { deploymentJson, deploymentStatusJson } from "../shapes/deployment.ts";
import { authorOf, GITHUB, githubSignature } from "./identities.ts";
import { hasSucceeded, mergeCommits } from "./pull-requests/mergeability.ts";
import { mustBeWritable } from "./pull-requests/pull-requests.ts";
import type { Account, Deployment, DeploymentState, DeploymentStatus } from "./records.ts";
import { notFound, Refusal, unprocessable } from "./refusal.ts";
import { moveRef } from "./repositories/branches.ts";
import type { Repository } from "./repositories/repository.ts";
import type { World } from "./world.ts";

export interface NewDeployment {
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string;
  readonly payload: unknown;
  readonly autoMerge: boolean;
  /** `undefined`: all contexts that ever reported on the commit. */
  readonly requiredContexts: readonly string[] | undefined;
  readonly transient: boolean;
  readonly production: boolean;
  readonly actor: Account;
}

export type Deployed =
  | { readonly kind: "created"; readonly deployment: Deployment }
  /** The default branch was merged into the ref instead, and no deployment was created. */
  | { readonly kind: "merged"; readonly message: string };

export function createDeployment(world: World, repository: Repository, wanted: NewDeployment): Deployed {
  mustBeWritable(repository);
  const oid = repository.resolve(wanted.ref);
  if (oid === undefined) throw unprocessable(`No ref found for: ${wanted.ref}`);
  if (wanted.autoMerge && mergesDefaultBranch(world, repository, { ...wanted, oid }))
    return {
      kind: "merged",
      message: `Auto-merged ${repository.defaultBranch} into ${wanted.ref} on deployment.`,
    };
  checkContexts(repository, oid, wanted.requiredContexts);
  const now = world.now();
  const { ref, task, environment, description, payload, transient, production, actor } = wanted;
  const deployment: Deployment = {
    ...{ id: world.newId(), oid, ref, task, environment, description, payload, transient, production },
    creator: actor,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  const created = { deployment: deploymentJson(world, repository, deployment) };
  world.emit({ name: "deployment", action: "created", repository, sender: actor, payload: created });
  return { kind: "created", deployment };
}

/** A branch behind the default branch is updated first; a commit id never is. */
function mergesDefaultBranch(
  world: World,
  repository: Repository,
  { ref, oid, actor }: { readonly ref: string; readonly oid: string; readonly actor: Account },
): boolean {
  const main = repository.branch(repository.defaultBranch);
  if (repository.branch(ref) === undefined || main === undefined) return false;
  if (isContained(repository.objects, main, oid)) return false;
  const merged = mergeCommits(repository, oid, main);
  if (merged.kind === "conflict")
    throw new Refusal("CONFLICT", `Conflict merging ${repository.defaultBranch} into ${ref}`);
  const date = world.now();
  const to = repository.objects.addCommit({
    tree: merged.tree,
    parents: [oid, main],
    author: authorOf(actor, date),
    committer: { ...GITHUB, date },
    message: `Merge ${repository.defaultBranch} into ${ref}`,
    signature: githubSignature(),
  });
  moveRef(world, repository, { ref: `refs/heads/${ref}`, to, actor });
  return true;
}

function checkContexts(repository: Repository, oid: string, required: readonly string[] | undefined): void {
  const reported = [...repository.checkRuns.values()].filter(({ headOid }) => headOid === oid);
  const names = required ?? [...new Set(reported.map(({ name }) => name))];
  const missing = names.filter((name) => !hasSucceeded(repository, name, oid));
  if (missing.length > 0)
    throw new Refusal("CONFLICT", "Conflict: Commit status checks failed for this ref.", [
      { resource: "Deployment", field: "required_contexts", code: "invalid", contexts: missing },
    ]);
}

export interface NewStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly description: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly environment: string | undefined;
  readonly autoInactive: boolean;
  readonly actor: Account;
}

export function addDeploymentStatus(
  world: World,
  repository: Repository,
  wanted: NewStatus,
): DeploymentStatus {
  mustBeWritable(repository);
  const deployment = mustDeployment(repository, wanted.id);
  if (wanted.description.length > 140)
    throw unprocessable("Description is too long (maximum is 140 characters)");
  const { state, description, logUrl, environmentUrl, actor } = wanted;
  const environment = wanted.environment ?? deployment.environment;
  const status = {
    ...{ id: world.newId(), state, creator: actor, description, environment, logUrl, environmentUrl },
    createdAt: world.now(),
  };
  putStatus(repository, deployment, status);
  if (state === "success" && wanted.autoInactive) retireOthers(world, repository, { deployment, actor });
  emitStatus(world, repository, { deployment: mustDeployment(repository, wanted.id), status });
  return status;
}

function putStatus(repository: Repository, deployment: Deployment, status: DeploymentStatus): void {
  const statuses = [...deployment.statuses, status];
  repository.deployments.set(deployment.id, { ...deployment, statuses, updatedAt: status.createdAt });
}

/** Sets earlier successful deployments to the same environment to inactive, except for transient ones. */
function retireOthers(
  world: World,
  repository: Repository,
  { deployment, actor }: { readonly deployment: Deployment; readonly actor: Account },
): void {
  for (const other of repository.deployments.values()) {
    if (other.id === deployment.id || other.environment !== deployment.environment || other.transient)
      continue;
    if (other.statuses.at(-1)?.state !== "success") continue;
    putStatus(repository, other, {
      id: world.newId(),
      state: "inactive",
      creator: actor,
      description: "",
      environment: other.environment,
      logUrl: "",
      environmentUrl: "",
      createdAt: world.now(),
    });
  }
}

function emitStatus(
  world: World,
  repository: Repository,
  { deployment, status }: { readonly deployment: Deployment; readonly status: DeploymentStatus },
): void {
  const payload = {
    deployment: deploymentJson(world, repository, deployment),
    deployment_status: deploymentStatusJson(world, repository, { deployment, status }),
  };
  world.emit({ name: "deployment_status", action: "created", repository, sender: status.creator, payload });
}

export function mustDeployment(repository: Repository, id: number): Deployment {
  const deployment = repository.deployments.get(id);
  if (deployment === undefined) throw notFound();
  return deployment;
}
