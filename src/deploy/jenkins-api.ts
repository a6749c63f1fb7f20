// Reading and starting things on Jenkins (https://www.jenkins.io/doc/book/using/remote-access-api/).
// Basic credentials go with the first request: Jenkins answers 403, not 401, to one without.

import { z } from "zod";
import type { Deployer } from "../model/settings.ts";
import type { Exchange, Request } from "./exchange.ts";
import { isSameJob, queueItem, rootOf } from "./jenkins-address.ts";
import { judge, type Setback, type Verdict } from "./judge.ts";

export type JenkinsDeployer = Extract<Deployer, { kind: "jenkins" }>;

export interface Jenkins {
  readonly deployer: JenkinsDeployer;
  readonly exchange: Exchange;
}

const action = z.object({
  parameters: z.array(z.object({ name: z.string(), value: z.unknown() })).optional(),
});
const actions = z.array(action.nullable()).default([]);

const queue = z.object({
  items: z.array(z.object({ url: z.string(), task: z.object({ url: z.string() }).partial(), actions })),
});
const job = z.object({
  builds: z.array(z.object({ number: z.int(), url: z.string(), actions })).default([]),
});
const item = z.object({
  cancelled: z.boolean().optional(),
  executable: z.object({ number: z.int(), url: z.string() }).nullish(),
});
const build = z.object({
  building: z.boolean(),
  result: z.string().nullable(),
  number: z.int(),
  url: z.string(),
});

export type QueueItem = z.infer<typeof item>;
export type Build = z.infer<typeof build>;

/** Where a deployment was found: in the queue, or as a build. */
export type Found =
  | { readonly kind: "item"; readonly url: string }
  | { readonly kind: "build"; readonly number: number; readonly url: string }
  | { readonly kind: "nowhere" };

export type Read<T> = { readonly kind: "read"; readonly value: T } | Setback;

/** Looks for the deployment's id in the queue and then in the job's last 100 builds; an item turns into a build, never back. */
export async function findDeployment(jenkins: Jenkins, deploymentId: number): Promise<Read<Found>> {
  const { deployer } = jenkins;
  const id = String(deploymentId);
  const queued = await read(
    jenkins,
    api(`${rootOf(deployer.job)}/queue/`, "items[url,task[url],actions[parameters[name,value]]]"),
    queue,
  );
  if (queued.kind !== "read") return queued;
  const waiting = queued.value.items.find(
    (one) => isSameJob(one.task.url ?? "", deployer.job) && isFor(id, one.actions),
  );
  const url = waiting === undefined ? undefined : queueItem(deployer.job, waiting.url);
  if (url !== undefined) return { kind: "read", value: { kind: "item", url } };
  const built = await read(
    jenkins,
    api(`${deployer.job}/`, "builds[number,url,actions[parameters[name,value]]]{0,100}"),
    job,
  );
  if (built.kind !== "read") return built;
  const found = built.value.builds.find((one) => isFor(id, one.actions));
  if (found === undefined) return { kind: "read", value: { kind: "nowhere" } };
  return { kind: "read", value: { kind: "build", number: found.number, url: found.url } };
}

export function readItem(jenkins: Jenkins, url: string): Promise<Read<QueueItem>> {
  return read(jenkins, api(url, "cancelled,executable[number,url]"), item);
}

export function readBuild(jenkins: Jenkins, url: string): Promise<Read<Build>> {
  return read(jenkins, api(url, "building,result,number,url"), build);
}

/** Asks for a build; taken means 201 with the queue item as Location, where a proxy left it in. */
export async function startBuild(
  { deployer, exchange }: Jenkins,
  parameters: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const request: Request = {
    method: "POST",
    url: `${deployer.job}/buildWithParameters?delay=0sec`,
    headers: { ...credentials(deployer), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(parameters).toString(),
  };
  return judge(await exchange(request), request, deployer.name);
}

async function read<T>({ deployer, exchange }: Jenkins, url: string, schema: z.ZodType<T>): Promise<Read<T>> {
  const request: Request = { method: "GET", url, headers: credentials(deployer) };
  const verdict = judge(await exchange(request), request, deployer.name);
  if (verdict.kind !== "taken") return verdict;
  const parsed = schema.safeParse(json(verdict.body));
  return parsed.success ? { kind: "read", value: parsed.data } : strange(deployer.name, url);
}

/** `url` ends with a slash; `tree` names what is wanted of the answer, which can be megabytes otherwise. */
function api(url: string, tree: string): string {
  return `${url}api/json?tree=${encodeURIComponent(tree)}`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function strange(name: string, url: string): Setback {
  return {
    kind: "refused",
    sent: "no",
    problem: {
      code: "deployer-refused",
      message: `The answer of ${name} to GET ${url.replace(/\?.*$/s, "")} is not what Jenkins' JSON API gives.`,
      help: "Check that the deployer's address in server.yaml is that of a Jenkins job, and that no login page stands before it.",
    },
  };
}

function credentials({ username, token }: JenkinsDeployer): Readonly<Record<string, string>> {
  const basic = Buffer.from(`${username}:${token}`).toString("base64");
  return { authorization: `Basic ${basic}`, accept: "application/json" };
}

function isFor(id: string, given: z.infer<typeof actions>): boolean {
  const parameters = given.flatMap((one) => one?.parameters ?? []);
  return parameters.some(({ name, value }) => name === "DEPLOYMENT_ID" && value === id);
}
