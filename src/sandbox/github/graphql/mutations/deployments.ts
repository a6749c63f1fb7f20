// Mutations of deployments and check runs.

import type {
  CreateCheckRunInput,
  CreateDeploymentInput,
  CreateDeploymentStatusInput,
  UpdateCheckRunInput,
} from "@octokit/graphql-schema";
import { addDeploymentStatus, createDeployment } from "../../world/deployments.ts";
import { DEPLOYMENT_STATES } from "../../world/records.ts";
import { unprocessable } from "../../world/refusal.ts";
import { createCheckRun, updateCheckRun } from "../../world/repositories/checks.ts";
import { findNode, findNumbered, findRepository } from "../find-node.ts";
import type { Graph } from "../graph.ts";
import { checkChange } from "./check-input.ts";
import type { Input } from "./mutation.ts";

const DEPLOYMENTS = ["deployments", "write"] as const;
const CHECKS = ["checks", "write"] as const;

export const deploymentMutations = {
  createDeployment({ input }: Input<CreateDeploymentInput>, graph: Graph) {
    const repository = graph.write(findRepository(graph.world, input.repositoryId), DEPLOYMENTS);
    const ref = String(findNode(graph.world, input.refId, "Ref").key);
    const made = createDeployment(graph.world, repository, {
      ref: ref.replace(/^refs\/heads\//, ""),
      task: input.task ?? "deploy",
      environment: input.environment ?? "production",
      description: input.description ?? "",
      payload: JSON.parse(input.payload || "{}"),
      autoMerge: input.autoMerge !== false,
      requiredContexts: input.requiredContexts ?? undefined,
      transient: false,
      production: (input.environment ?? "production") === "production",
      actor: graph.world.app.bot,
    });
    if (made.kind === "merged") return { autoMerged: true, deployment: null };
    return { autoMerged: false, deployment: graph.make.deployment(repository, made.deployment.id) };
  },

  createDeploymentStatus({ input }: Input<CreateDeploymentStatusInput>, graph: Graph) {
    const found = findNumbered(graph.world, input.deploymentId, "Deployment");
    const repository = graph.write(found.repository, DEPLOYMENTS);
    const state = DEPLOYMENT_STATES.find((one) => one.toUpperCase() === input.state);
    if (state === undefined) throw unprocessable("State is not included in the list");
    const status = addDeploymentStatus(graph.world, repository, {
      ...{ id: found.key, state, actor: graph.world.app.bot },
      description: input.description ?? "",
      logUrl: input.logUrl ?? "",
      environmentUrl: input.environmentUrl ?? "",
      environment: input.environment ?? undefined,
      autoInactive: input.autoInactive !== false,
    });
    return { deploymentStatus: graph.make.deploymentStatus(repository, found.key, status) };
  },

  createCheckRun({ input }: Input<CreateCheckRunInput>, graph: Graph) {
    const repository = graph.write(findRepository(graph.world, input.repositoryId), CHECKS);
    const { id } = createCheckRun(graph.world, repository, {
      ...checkChange(input),
      headOid: input.headSha,
      name: input.name,
      actor: graph.world.app.bot,
    });
    return { checkRun: graph.make.checkRun(repository, id) };
  },

  updateCheckRun({ input }: Input<UpdateCheckRunInput>, graph: Graph) {
    const repository = graph.write(findRepository(graph.world, input.repositoryId), CHECKS);
    const { key } = findNumbered(graph.world, input.checkRunId, "CheckRun");
    updateCheckRun(graph.world, repository, {
      ...checkChange(input),
      ...(input.name != null && { name: input.name }),
      ...{ id: key, actor: graph.world.app.bot },
    });
    return { checkRun: graph.make.checkRun(repository, key) };
  },
};
