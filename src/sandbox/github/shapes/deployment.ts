// Deployments and their statuses as REST and webhooks show them.

import type { Deployment, DeploymentStatus } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { accountJson, timeJson } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { apiUrl } from "./repository.ts";

export function deploymentJson(world: World, repository: Repository, deployment: Deployment): object {
  const url = apiUrl(world, repository, `/deployments/${deployment.id}`);
  return {
    url,
    id: deployment.id,
    node_id: nodeId("Deployment", [repository.id, deployment.id]),
    sha: deployment.oid,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description === "" ? null : deployment.description,
    creator: accountJson(world, deployment.creator),
    created_at: timeJson(deployment.createdAt),
    updated_at: timeJson(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: apiUrl(world, repository),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  };
}

export function deploymentStatusJson(
  world: World,
  repository: Repository,
  { deployment, status }: { readonly deployment: Deployment; readonly status: DeploymentStatus },
): object {
  const deploymentUrl = apiUrl(world, repository, `/deployments/${deployment.id}`);
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DeploymentStatus", [repository.id, deployment.id, status.id]),
    state: status.state,
    creator: accountJson(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: timeJson(status.createdAt),
    updated_at: timeJson(status.createdAt),
    deployment_url: deploymentUrl,
    repository_url: apiUrl(world, repository),
  };
}
