// Check runs and their suites.

import { type Call, isObject } from "../http/call.ts";
import { checkRunJson, checkSuiteJson } from "../shapes/check.ts";
import { type Annotation, type CheckRun, CONCLUSIONS } from "../world/records.ts";
import { notFound, unprocessable } from "../world/refusal.ts";
import {
  type CheckChange,
  createCheckRun,
  mustCheckRun,
  updateCheckRun,
} from "../world/repositories/checks.ts";
import {
  invalidField,
  numberParam,
  objects,
  page,
  type RepositoryRequest,
  requiredText,
  text,
} from "./route.ts";

export function postCheckRun({ world, repository, call }: RepositoryRequest) {
  const run = createCheckRun(world, repository, {
    ...checkChange(call.body),
    headOid: requiredText(call.body, "head_sha"),
    name: requiredText(call.body, "name"),
    actor: world.app.bot,
  });
  return { status: 201, body: checkRunJson(world, repository, run) };
}

export function patchCheckRun(request: RepositoryRequest) {
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

export function getCheckRun(request: RepositoryRequest) {
  const run = mustCheckRun(request.repository, numberParam(request, "id"));
  return { status: 200, body: checkRunJson(request.world, request.repository, run) };
}

export function listAnnotations(request: RepositoryRequest) {
  return page(request, mustCheckRun(request.repository, numberParam(request, "id")).annotations);
}

export function listCheckRuns(request: RepositoryRequest) {
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

export function getCheckSuite(request: RepositoryRequest) {
  const suite = request.repository.checkSuites.get(numberParam(request, "id"));
  if (suite === undefined) throw notFound();
  return { status: 200, body: checkSuiteJson(request.world, request.repository, suite) };
}
