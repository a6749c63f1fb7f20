// Jenkins' routes for callers of one job, with their status codes. Anything else is a 501.

import type { Incoming, Reply } from "../chartmuseum/stand-in.ts";
import { crumbField, crumbFor, type User, type Visitor, visitor } from "./access.ts";
import type { Build, Controller, JobDefinition, QueueItem } from "./controller.ts";
import { pick } from "./tree.ts";

export interface Site {
  readonly controller: Controller;
  readonly users: readonly User[];
  readonly quietMs: number;
  /** The URL that Jenkins is configured with, without a trailing slash. */
  readonly rootUrl: string;
  /** Where Jenkins stands on its host: empty, or `/jenkins`. */
  readonly contextPath: string;
}

export function respond(request: Incoming, site: Site): Reply {
  const path = withoutPrefix(request.url.pathname, site.contextPath);
  if (path === undefined) return html(404, "Not Found");
  const call = { ...request, url: new URL(`${path}${request.url.search}`, request.url) };
  if (call.url.pathname === "/login") return html(200, "Sign in to Jenkins");
  const who = visitor(call.headers["authorization"], site.users);
  const refusal = gate(call, who);
  if (refusal !== undefined || who.kind !== "user") return refusal ?? html(403, "Authentication required");
  const { pathname } = call.url;
  if (pathname === "/crumbIssuer/api/json")
    return json({ crumb: crumbFor(who.user), crumbRequestField: crumbField });
  if (pathname.startsWith("/queue/")) return queueRoute(call, site);
  if (pathname.startsWith("/job/")) return jobRoute(call, who.user, site);
  return notModelled(call);
}

function withoutPrefix(path: string, prefix: string): string | undefined {
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}

/** The response for a visitor without access; otherwise `undefined`. */
function gate(call: Incoming, who: Visitor): Reply | undefined {
  if (who.kind === "wrong") return html(401, "Invalid password/token for user");
  if (who.kind === "anonymous") {
    const login = '<meta http-equiv="refresh" content="1;url=/login">Authentication required';
    return { ...html(403, login), headers: { "x-you-are-authenticated-as": "anonymous" } };
  }
  const crumb = call.headers[crumbField.toLowerCase()];
  if (call.method === "POST" && who.by === "password" && crumb !== crumbFor(who.user))
    return html(403, "No valid crumb was included in the request");
  if (who.user.mayRead === false) return html(404, "Not Found");
  return undefined;
}

function queueRoute(call: Incoming, site: Site): Reply {
  const { controller } = site;
  if (call.url.pathname === "/queue/api/json")
    return answer(
      call,
      { _class: "hudson.model.Queue", items: controller.queue.map((item) => itemJson(item, site)) },
      "items[id,url,why,task[name,url]]",
    );
  const id = /^\/queue\/item\/(\d+)\/api\/json$/.exec(call.url.pathname)?.[1];
  if (id === undefined) return notModelled(call);
  const item = controller.item(Number(id));
  return item === undefined ? html(404, "Not Found") : answer(call, itemJson(item, site), "*");
}

function jobRoute(call: Incoming, user: User, site: Site): Reply {
  const match = /^((?:\/job\/[^/]+)+)\/(.*)$/.exec(call.url.pathname);
  const [, names = "", rest = ""] = match ?? [];
  const parts = names.split("/job/").slice(1).map(decodeURIComponent);
  const job = site.controller.jobs.get(parts.join("/")) ?? branchJob(parts, site);
  if (job === undefined) return html(404, "Not Found");
  if (rest === "buildWithParameters") return startBuild(call, { job, user }, site);
  if (rest === "api/json")
    return answer(call, jobJson(job, site), "name,fullName,url,buildable,builds[number,url]");
  const [, number, page] = /^(\d+)\/(api\/json|consoleText|stop)$/.exec(rest) ?? [];
  if (number === undefined) return notModelled(call);
  const build = site.controller.build(job.name, Number(number));
  if (build === undefined) return html(404, "Not Found");
  if (page === "consoleText")
    return { status: 200, headers: { "content-type": "text/plain;charset=utf-8" }, body: build.log };
  return page === "api/json" ? answer(call, buildJson(build, site), "*") : notModelled(call);
}

/** A multibranch pipeline finds the job of a branch by the branch's name as well, whose slash the job's name encodes. */
function branchJob(parts: readonly string[], { controller }: Site): JobDefinition | undefined {
  const branch = parts.at(-1) ?? "";
  return controller.jobs.get([...parts.slice(0, -1), branch.replaceAll("/", "%2F")].join("/"));
}

function startBuild(
  call: Incoming,
  { job, user }: { readonly job: JobDefinition; readonly user: User },
  { controller, quietMs, rootUrl }: Site,
): Reply {
  if (call.method !== "POST")
    return { ...html(405, "You must use POST method to trigger builds"), headers: { allow: "POST" } };
  if (user.mayBuild === false) return html(403, `${user.name} is missing the Job/Build permission`);
  if (job.parameters === undefined) return html(400, `${job.name} is not parameterized`);
  if (job.disabled === true) return html(409, `${job.name} is not buildable`);
  const given = new Map([...call.url.searchParams, ...new URLSearchParams(call.body.toString())]);
  for (const [name, offered] of Object.entries(job.choices ?? {}))
    if (given.has(name) && !offered.includes(given.get(name) ?? ""))
      return html(500, `Illegal choice for parameter ${name}: ${given.get(name)}`);
  for (const [name, kind] of Object.entries(job.kinds ?? {}))
    if (kind === "Run" && given.has(name) && !given.get(name)?.includes("#"))
      return html(500, `Invalid run id for parameter ${name}: ${given.get(name)}`);
  if (job.refused === true) return { status: 302, headers: { location: jobUrl(job.name, { rootUrl }) } };
  const delay = /^(\d+)(?:sec)?$/.exec(call.url.searchParams.get("delay") ?? "")?.[1];
  const item = controller.enqueue(job, given, delay === undefined ? quietMs : Number(delay) * 1000);
  return { status: 201, headers: { location: `${rootUrl}/queue/item/${item.id}/` } };
}

function jobJson(job: JobDefinition, site: Site): object {
  return {
    _class: "org.jenkinsci.plugins.workflow.job.WorkflowJob",
    name: job.name.split("/").at(-1),
    fullName: job.name,
    url: jobUrl(job.name, site),
    buildable: job.disabled !== true,
    nextBuildNumber: site.controller.nextBuildNumber(job.name),
    property: [{ _class: "jenkins.model.BuildDiscarderProperty" }, ...parametersProperty(job)],
    builds: site.controller.builds(job.name).map((build) => buildJson(build, site)),
  };
}

/** A job without parameters has no such property. */
function parametersProperty(job: JobDefinition): readonly object[] {
  const { parameters, choices = {} } = job;
  if (parameters === undefined) return [];
  const definitions = Object.entries(parameters).map(([name, value]) => ({
    _class: `hudson.model.${typeOf(name, job)}`,
    defaultParameterValue: { _class: "hudson.model.StringParameterValue", name, value },
    description: "",
    name,
    type: typeOf(name, job),
    ...(choices[name] && { choices: choices[name] }),
  }));
  return [{ _class: "hudson.model.ParametersDefinitionProperty", parameterDefinitions: definitions }];
}

function typeOf(name: string, { choices, kinds }: JobDefinition): string {
  return `${choices?.[name] ? "Choice" : (kinds?.[name] ?? "String")}ParameterDefinition`;
}

function buildJson(build: Build, site: Site): object {
  return {
    _class: "org.jenkinsci.plugins.workflow.job.WorkflowRun",
    actions: [{}, parametersJson(build, site)],
    building: build.result === null,
    number: build.number,
    queueId: build.queueId,
    result: build.result,
    timestamp: build.startedAt.getTime(),
    url: `${jobUrl(build.job, site)}${build.number}/`,
  };
}

/** An item's own address is relative, everything it points to is not. */
function itemJson(item: QueueItem, site: Site): object {
  const left = item.state === "left" || item.state === "cancelled";
  const executable =
    item.build === undefined ? null : { number: item.build, url: `${jobUrl(item.job, site)}${item.build}/` };
  return {
    _class: left ? "hudson.model.Queue$LeftItem" : "hudson.model.Queue$WaitingItem",
    actions: [parametersJson(item, site)],
    id: item.id,
    inQueueSince: item.since.getTime(),
    task: { name: item.job.split("/").at(-1), url: jobUrl(item.job, site) },
    url: `queue/item/${item.id}/`,
    why: left ? null : whyQueued(item, site),
    ...(left ? { cancelled: item.state === "cancelled", executable } : {}),
  };
}

function whyQueued({ state, job }: QueueItem, { controller }: Site): string {
  const running = controller.builds(job).find(({ result }) => result === null);
  if (state === "quiet" || running === undefined) return "In the quiet period. Expires in 0 ms";
  return `Build #${running.number} is already in progress (ETA: N/A)`;
}

/** Of a build, or of an item that may become one. A password's value is not exported. */
function parametersJson({ job, parameters }: Build | QueueItem, { controller }: Site): object {
  const kinds = controller.jobs.get(job)?.kinds ?? {};
  const given = [...parameters].map(([name, value]) => ({
    _class: `hudson.model.${kinds[name] ?? "String"}ParameterValue`,
    name,
    ...(kinds[name] !== "Password" && { value: kinds[name] === "Boolean" ? value === "true" : value }),
  }));
  return { _class: "hudson.model.ParametersAction", parameters: given };
}

function jobUrl(name: string, { rootUrl }: Pick<Site, "rootUrl">): string {
  const path = name.split("/").map((part) => `/job/${encodeURIComponent(part)}`);
  return `${rootUrl}${path.join("")}/`;
}

function answer(call: Incoming, value: unknown, usual: string): Reply {
  if (call.method !== "GET") return notModelled(call);
  return json(pick(value, call.url.searchParams.get("tree") ?? usual));
}

function json(value: unknown): Reply {
  const headers = { "content-type": "application/json;charset=utf-8", "x-jenkins": "2.516.3" };
  return { status: 200, headers, body: JSON.stringify(value) };
}

function html(status: number, text: string): Reply {
  const headers = { "content-type": "text/html;charset=utf-8" };
  return { status, headers, body: `<html><body>${text}</body></html>` };
}

function notModelled({ method, url }: Incoming): Reply {
  return { status: 501, body: `The sandbox does not model ${method} ${url.pathname}` };
}
