// Deployments, their statuses, and check runs over REST.

import { deploymentJson, deploymentStatusJson } from "../shapes/deployment.ts";
import { addDeploymentStatus, createDeployment, mustDeployment } from "../world/deployments.ts";
import { DEPLOYMENT_STATES } from "../world/records.ts";
import {
  getCheckRun,
  getCheckSuite,
  listAnnotations,
  listCheckRuns,
  patchCheckRun,
  postCheckRun,
} from "./checks.ts";
import {
  invalidField,
  numberParam,
  page,
  type RepositoryRequest,
  repositoryRoutes,
  requiredText,
  text,
  texts,
} from "./route.ts";

const READ = [["deployments", "read"]] as const;
const WRITE = [["deployments", "write"]] as const;
const READ_CHECKS = [["checks", "read"]] as const;
const WRITE_CHECKS = [["checks", "write"]] as const;

export const deploymentRoutes = repositoryRoutes([
  { method: "GET", path: "/deployments", needs: READ, handle: listDeployments },
  { method: "POST", path: "/deployments", needs: WRITE, handle: postDeployment },
  { method: "GET", path: "/deployments/:id", needs: READ, handle: getDeployment },
  { method: "GET", path: "/deployments/:id/statuses", needs: READ, handle: listStatuses },
  { method: "POST", path: "/deployments/:id/statuses", needs: WRITE, handle: postStatus },
  { method: "POST", path: "/check-runs", needs: WRITE_CHECKS, handle: postCheckRun },
  { method: "GET", path: "/check-runs/:id", needs: READ_CHECKS, handle: getCheckRun },
  { method: "PATCH", path: "/check-runs/:id", needs: WRITE_CHECKS, handle: patchCheckRun },
  { method: "GET", path: "/check-runs/:id/annotations", needs: READ_CHECKS, handle: listAnnotations },
  { method: "GET", path: "/commits/:ref/check-runs", needs: READ_CHECKS, handle: listCheckRuns },
  { method: "GET", path: "/check-suites/:id", needs: READ_CHECKS, handle: getCheckSuite },
]);

function listDeployments(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const wanted = (field: string, value: string) => [null, value].includes(call.query.get(field));
  const found = [...repository.deployments.values()].filter(
    ({ oid, ref, task, environment }) =>
      wanted("sha", oid) && wanted("ref", ref) && wanted("task", task) && wanted("environment", environment),
  );
  return page(
    request,
    found.reverse().map((one) => deploymentJson(world, repository, one)),
  );
}

function postDeployment({ world, repository, call }: RepositoryRequest) {
  const { body } = call;
  const environment = text(body, "environment") ?? "production";
  const made = createDeployment(world, repository, {
    ref: requiredText(body, "ref"),
    task: text(body, "task") ?? "deploy",
    environment,
    description: text(body, "description") ?? "",
    payload: body["payload"] ?? {},
    autoMerge: body["auto_merge"] !== false,
    requiredContexts: texts(body, "required_contexts"),
    transient: body["transient_environment"] === true,
    production:
      body["production_environment"] === undefined
        ? environment === "production"
        : body["production_environment"] === true,
    actor: world.app.bot,
  });
  if (made.kind === "merged") return { status: 202, body: { message: made.message } };
  return { status: 201, body: deploymentJson(world, repository, made.deployment) };
}

function getDeployment(request: RepositoryRequest) {
  const { world, repository } = request;
  return {
    status: 200,
    body: deploymentJson(world, repository, mustDeployment(repository, numberParam(request, "id"))),
  };
}

function listStatuses(request: RepositoryRequest) {
  const { world, repository } = request;
  const deployment = mustDeployment(repository, numberParam(request, "id"));
  const newestFirst = deployment.statuses.toReversed();
  return page(
    request,
    newestFirst.map((status) => deploymentStatusJson(world, repository, { deployment, status })),
  );
}

function postStatus(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const { body } = call;
  const state = DEPLOYMENT_STATES.find((one) => one === body["state"]);
  if (state === undefined) throw invalidField("state");
  const id = numberParam(request, "id");
  const status = addDeploymentStatus(world, repository, {
    ...{ id, state, actor: world.app.bot },
    description: text(body, "description") ?? "",
    logUrl: text(body, "log_url") ?? text(body, "target_url") ?? "",
    environmentUrl: text(body, "environment_url") ?? "",
    environment: text(body, "environment"),
    autoInactive: body["auto_inactive"] !== false,
  });
  const deployment = mustDeployment(repository, id);
  return { status: 201, body: deploymentStatusJson(world, repository, { deployment, status }) };
}
