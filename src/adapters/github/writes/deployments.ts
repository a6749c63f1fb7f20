// GitHub Deployments: the record of a merge's deployment and its repeats, with statuses from the deployers' reports.

import { whatItBrings } from "../../../domain/deployment/describe.ts";
import type { Deployment, Repeat } from "../../../domain/model/deployment.ts";
import type { DeploymentStatus } from "../../../reconcile/ports/github/texts-on-github.ts";
import { GitHubFailure } from "../api/failure.ts";
import type { RepositoryAccess } from "../repository-access.ts";

/**
 * REST, since GraphQL cannot pin a commit. `auto_merge: false`, as GitHub would otherwise merge the default branch into
 * it; `required_contexts: []`, as the merge has been approved already. Returns GitHub's deployment id.
 */
export async function createDeployment(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  deployment: Deployment,
): Promise<number> {
  const { sha, environment, pullRequest, promotions, repeats } = deployment;
  const about = {
    activity: `creating the deployment of ${sha} to ${environment}`,
    purpose: "deployment",
    content: true,
  } as const;
  const { data } = await client.rest(about, (octokit) =>
    octokit.rest.repos.createDeployment({
      owner,
      repo,
      ref: sha,
      task: repeats?.task ?? "deploy",
      auto_merge: false,
      required_contexts: [],
      environment,
      payload: { promotions: [...promotions], pullRequest, ...(repeats && payloadOf(repeats)) },
      description: whatItBrings(deployment),
    }),
  );
  if (!("id" in data))
    throw new GitHubFailure(`GitHub made no deployment of ${sha}: ${data.message}`, {
      kind: "refused",
      status: 202,
    });
  return data.id;
}

/** Contains the idempotency key, by which the deployment is found after a lost answer. */
function payloadOf({ task, of, intent, by }: Repeat): Readonly<Record<string, number | string>> {
  return {
    ...(task === "heal" ? { heals: of } : { redeploys: of }),
    intent,
    ...(by !== undefined && { by }),
  };
}

/** Adds a status; the caller avoids duplicates. False when GitHub shows no such deployment. */
export async function setDeploymentStatus(
  { client, repository: { owner, name: repo } }: RepositoryAccess,
  deploymentId: number,
  { state, log, environmentUrl, description }: DeploymentStatus,
): Promise<boolean> {
  const about = {
    activity: `reporting on deployment ${deploymentId}`,
    purpose: "deployment",
    content: true,
  } as const;
  try {
    await client.rest(about, (octokit) =>
      octokit.rest.repos.createDeploymentStatus({
        owner,
        repo,
        deployment_id: deploymentId,
        state,
        auto_inactive: true,
        ...(log !== undefined && { log_url: log }),
        ...(environmentUrl !== undefined && { environment_url: environmentUrl }),
        ...(description !== undefined && { description }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof GitHubFailure && error.kind === "missing") return false;
    throw error;
  }
}
