// Mutations of deployments and check runs.

import type {
  CheckRunOutput,
  CreateCheckRunInput,
  CreateDeploymentInput,
  CreateDeploymentStatusInput,
  UpdateCheckRunInput,
} from "@octokit/graphql-schema";
import { type CheckChange, createCheckRun, updateCheckRun } from "../../world/checks.ts";
import { addDeploymentStatus, createDeployment } from "../../world/deployments.ts";
import { type Annotation, type CheckRun, CONCLUSIONS, DEPLOYMENT_STATES } from "../../world/records.ts";
import { unprocessable } from "../../world/refusal.ts";
import { findNode, findNumbered, findRepository } from "../find-node.ts";
import type { Graph } from "../graph.ts";
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
    if (state === undefined) throw unprocessable(`State is not included in the list`);
    addDeploymentStatus(graph.world, repository, {
      ...{ id: found.key, state, actor: graph.world.app.bot },
      description: input.description ?? "",
      logUrl: input.logUrl ?? "",
      environmentUrl: input.environmentUrl ?? "",
      environment: input.environment ?? undefined,
      autoInactive: input.autoInactive !== false,
    });
    const deployment = graph.make.deployment(repository, found.key);
    return {
      deploymentStatus:
        deployment && "latestStatus" in deployment && typeof deployment.latestStatus === "function"
          ? deployment.latestStatus()
          : null,
    };
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

const STATUSES: { readonly [status: string]: CheckRun["status"] } = {
  QUEUED: "queued",
  IN_PROGRESS: "in_progress",
  COMPLETED: "completed",
};

function checkChange(input: CreateCheckRunInput | UpdateCheckRunInput): CheckChange {
  const conclusion = CONCLUSIONS.find((one) => one.toUpperCase() === input.conclusion);
  return {
    status: input.status == null ? undefined : STATUSES[input.status],
    ...(conclusion !== undefined && { conclusion }),
    ...(input.detailsUrl != null && { detailsUrl: String(input.detailsUrl) }),
    ...(input.externalId != null && { externalId: input.externalId }),
    ...(input.output != null && outputOf(input.output)),
    ...(input.actions != null && { actions: input.actions }),
  };
}

function outputOf({
  title,
  summary,
  text,
  annotations,
}: CheckRunOutput): Pick<CheckRun, "output" | "annotations"> {
  return {
    output: { title, summary, text: text ?? null },
    annotations: (annotations ?? []).map(annotationOf),
  };
}

const LEVELS: { readonly [level: string]: Annotation["annotation_level"] } = {
  NOTICE: "notice",
  WARNING: "warning",
  FAILURE: "failure",
};

function annotationOf(given: NonNullable<CheckRunOutput["annotations"]>[number]): Annotation {
  return {
    path: given.path,
    start_line: given.location.startLine,
    end_line: given.location.endLine,
    annotation_level: LEVELS[given.annotationLevel] ?? "notice",
    message: given.message,
    title: given.title ?? undefined,
    raw_details: given.rawDetails ?? undefined,
  };
}
