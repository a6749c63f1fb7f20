// GitHub Deployments: the record of what a merge set off, and the statuses that follow from the deployers' reports.

import type { Deployment } from "../model/deployment.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { InstallationClient } from "./client.ts";
import { GitHubFailure } from "./failure.ts";

/**
 * REST, since GraphQL cannot pin a commit. `auto_merge: false`, or GitHub would merge the default branch into it;
 * `required_contexts: []`, since what was merged was decided on already. Answers GitHub's deployment id.
 */
export async function createDeployment(
  client: InstallationClient,
  { owner, name: repo }: Pick<ConfigRepository, "owner" | "name">,
  deployment: Deployment,
): Promise<number> {
  const { sha, environment, pullRequest, promotions } = deployment;
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
      task: "deploy",
      auto_merge: false,
      required_contexts: [],
      environment,
      payload: { promotions: [...promotions], pullRequest },
      description: `#${pullRequest}`,
    }),
  );
  if (!("id" in data))
    throw new GitHubFailure(`GitHub made no deployment of ${sha}: ${data.message}`, {
      kind: "refused",
      status: 202,
    });
  return data.id;
}

export interface DeploymentStatus {
  readonly state: "error" | "failure" | "inactive" | "in_progress" | "queued" | "pending" | "success";
  readonly log?: string;
  /** At most 140 characters. */
  readonly description?: string;
}

/** Adds a status; equal ones in a row are the caller's to avoid. False where GitHub shows no such deployment. */
export async function setDeploymentStatus(
  client: InstallationClient,
  {
    owner,
    name: repo,
    deploymentId,
  }: Pick<ConfigRepository, "owner" | "name"> & { readonly deploymentId: number },
  { state, log, description }: DeploymentStatus,
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
        ...(description !== undefined && { description }),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof GitHubFailure && error.kind === "missing") return false;
    throw error;
  }
}
