// Deployments, their statuses, and check runs over REST.

import { type Call, isObject } from "../http/call.ts";
import { checkRunJson, checkSuiteJson } from "../shapes/check.ts";
import { deploymentJson, deploymentStatusJson } from "../shapes/deployment.ts";
import { type CheckChange, createCheckRun, mustCheckRun, updateCheckRun } from "../world/checks.ts";
import { addDeploymentStatus, createDeployment, mustDeployment } from "../world/deployments.ts";
import { type Annotation, type CheckRun, CONCLUSIONS, DEPLOYMENT_STATES } from "../world/records.ts";
import { notFound, unprocessable } from "../world/refusal.ts";
import {
  invalidField,
  numberParam,
  objects,
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

function postCheckRun({ world, repository, call }: RepositoryRequest) {
  const run = createCheckRun(world, repository, {
    ...checkChange(call.body),
    headOid: requiredText(call.body, "head_sha"),
    name: requiredText(call.body, "name"),
    actor: world.app.bot,
  });
  return { status: 201, body: checkRunJson(world, repository, run) };
}

function patchCheckRun(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const id = numberParam(request, "id");
  const name = text(call.body, "name");
  const change = { ...checkChange(call.body), ...(name !== undefined && { name }) };
  const run = updateCheckRun(world, repository, { ...change, id, actor: world.app.bot });
  return { status: 200, body: checkRunJson(world, repository, run) };
}

const STATUSES = ["queued", "in_progress", "completed"] as const;

function checkChange(body: Call["body"]): CheckChange {
  const status = STATUSES.find((one) => one === body["status"]);
  const conclusion = CONCLUSIONS.find((one) => one === body["conclusion"]);
  if (body["status"] !== undefined && status === undefined) throw invalidField("status");
  if (body["conclusion"] !== undefined && conclusion === undefined) throw invalidField("conclusion");
  const externalId = text(body, "external_id");
  const detailsUrl = text(body, "details_url");
  return {
    status,
    ...(conclusion !== undefined && { conclusion }),
    ...(externalId !== undefined && { externalId }),
    ...(detailsUrl !== undefined && { detailsUrl }),
    ...{ startedAt: timeIn(body, "started_at"), completedAt: timeIn(body, "completed_at") },
    ...(isObject(body["output"]) && outputOf(body["output"])),
    ...(body["actions"] !== undefined && { actions: actionsOf(body) }),
  };
}

function timeIn(body: Call["body"], field: string): Date | undefined {
  const value = text(body, field);
  return value === undefined ? undefined : new Date(value);
}

function outputOf(output: Call["body"]): Pick<CheckRun, "output" | "annotations"> {
  const [title, summary] = [requiredText(output, "title"), requiredText(output, "summary")];
  const long = text(output, "text") ?? null;
  if (summary.length > 65_535 || (long?.length ?? 0) > 65_535)
    throw unprocessable("Invalid request.\n\nOnly 65535 characters are allowed.");
  return {
    output: { title, summary, text: long },
    annotations: (objects(output, "annotations") ?? []).map(annotationOf),
  };
}

function annotationOf(given: Call["body"]): Annotation {
  const { start_line, end_line, annotation_level: level } = given;
  if (typeof start_line !== "number" || typeof end_line !== "number")
    throw invalidField("annotations.start_line");
  if (level !== "notice" && level !== "warning" && level !== "failure")
    throw invalidField("annotations.annotation_level");
  return {
    ...{ start_line, end_line, annotation_level: level },
    path: requiredText(given, "path"),
    message: requiredText(given, "message"),
    title: text(given, "title"),
    raw_details: text(given, "raw_details"),
  };
}

function actionsOf(body: Call["body"]): CheckRun["actions"] {
  const actions = objects(body, "actions") ?? [];
  if (actions.length > 3) throw unprocessable("Invalid request.\n\nNo more than 3 actions are allowed.");
  return actions.map((action) => ({
    label: requiredText(action, "label"),
    description: requiredText(action, "description"),
    identifier: requiredText(action, "identifier"),
  }));
}

function getCheckRun(request: RepositoryRequest) {
  const run = mustCheckRun(request.repository, numberParam(request, "id"));
  return { status: 200, body: checkRunJson(request.world, request.repository, run) };
}

function listAnnotations(request: RepositoryRequest) {
  return page(request, mustCheckRun(request.repository, numberParam(request, "id")).annotations);
}

function listCheckRuns(request: RepositoryRequest) {
  const { world, repository, params, call } = request;
  const oid = repository.resolve(params["ref"] ?? "");
  if (oid === undefined) throw unprocessable(`No commit found for SHA: ${params["ref"]}`);
  const name = call.query.get("check_name");
  const all = [...repository.checkRuns.values()].filter(
    (run) => run.headOid === oid && (name === null || run.name === name),
  );
  const latest = all.filter((run) => !all.some((other) => other.name === run.name && other.id > run.id));
  const runs = (call.query.get("filter") === "all" ? all : latest).map((run) =>
    checkRunJson(world, repository, run),
  );
  return page(request, runs, (check_runs) => ({ total_count: runs.length, check_runs }));
}

function getCheckSuite(request: RepositoryRequest) {
  const suite = request.repository.checkSuites.get(numberParam(request, "id"));
  if (suite === undefined) throw notFound();
  return { status: 200, body: checkSuiteJson(request.world, request.repository, suite) };
}
