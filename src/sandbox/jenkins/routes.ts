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
}

export function respond(call: Incoming, site: Site): Reply {
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
  const name = names.split("/job/").slice(1).map(decodeURIComponent).join("/");
  const job = site.controller.jobs.get(name);
  if (job === undefined) return html(404, "Not Found");
  if (rest === "buildWithParameters") return startBuild(call, { job, user }, site);
  if (rest === "api/json")
    return answer(call, jobJson(job, site), "name,fullName,url,buildable,builds[number,url]");
  const [, number, page] = /^(\d+)\/(api\/json|consoleText|stop)$/.exec(rest) ?? [];
  if (number === undefined) return notModelled(call);
  const build = site.controller.build(name, Number(number));
  if (build === undefined) return html(404, "Not Found");
  if (page === "consoleText")
    return { status: 200, headers: { "content-type": "text/plain;charset=utf-8" }, body: build.log };
  return page === "api/json" ? answer(call, buildJson(build, site), "*") : notModelled(call);
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
function parametersProperty({ parameters, choices = {} }: JobDefinition): readonly object[] {
  if (parameters === undefined) return [];
  const definitions = Object.entries(parameters).map(([name, value]) => ({
    _class: `hudson.model.${kindOf(name, choices)}`,
    defaultParameterValue: { _class: "hudson.model.StringParameterValue", name, value },
    description: "",
    name,
    type: kindOf(name, choices),
    ...(choices[name] && { choices: choices[name] }),
  }));
  return [{ _class: "hudson.model.ParametersDefinitionProperty", parameterDefinitions: definitions }];
}

function kindOf(name: string, choices: NonNullable<JobDefinition["choices"]>): string {
  return choices[name] ? "ChoiceParameterDefinition" : "StringParameterDefinition";
}

function buildJson(build: Build, site: Site): object {
  return {
    _class: "org.jenkinsci.plugins.workflow.job.WorkflowRun",
    actions: [{}, parametersJson(build.parameters)],
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
    actions: [parametersJson(item.parameters)],
    id: item.id,
    inQueueSince: item.since.getTime(),
    task: { name: item.job.split("/").at(-1), url: jobUrl(item.job, site) },
    url: `queue/item/${item.id}/`,
    why: left ? null : "In the quiet period",
    ...(left ? { cancelled: item.state === "cancelled", executable } : {}),
  };
}

function parametersJson(parameters: ReadonlyMap<string, string>): object {
  const given = [...parameters].map(([name, value]) => ({
    _class: "hudson.model.StringParameterValue",
    name,
    value,
  }));
  return { _class: "hudson.model.ParametersAction", parameters: given };
}

function jobUrl(name: string, { rootUrl }: Site): string {
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
