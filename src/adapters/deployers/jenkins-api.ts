// Requests to Jenkins (https://www.jenkins.io/doc/book/using/remote-access-api/). Basic credentials are sent with the
// first request: Jenkins answers 403, not 401, without them.

import * as z from "zod";
import type { RequestFailure } from "../../domain/deployment/call-state.ts";
import type { Deployer } from "../../domain/model/config/settings.ts";
import { findExcess, type JsonLimits } from "../../domain/model/json-excess.ts";
import { classifyResponse } from "./classify-response.ts";
import type { HttpClient, HttpRequest } from "./http-client.ts";
import { ACTIONS, actions } from "./jenkins-parameters.ts";

export type JenkinsDeployer = Extract<Deployer, { kind: "jenkins" }>;

export interface JenkinsClient {
  readonly deployer: JenkinsDeployer;
  readonly httpClient: HttpClient;
}

const item = z.object({
  cancelled: z.boolean().optional(),
  executable: z.object({ number: z.int(), url: z.string() }).nullish(),
  /** Why it is still in the queue, in Jenkins' words. */
  why: z.string().nullish(),
  task: z.object({ url: z.string() }).partial().default({}),
  actions,
});
const build = z.object({
  building: z.boolean(),
  result: z.string().nullable(),
  number: z.int(),
  url: z.string(),
  actions,
});

export type JenkinsQueueItem = z.infer<typeof item>;
export type JenkinsBuild = z.infer<typeof build>;

export type JenkinsRead<T> = { readonly kind: "read"; readonly value: T } | RequestFailure;

export function readItem(jenkins: JenkinsClient, url: string): Promise<JenkinsRead<JenkinsQueueItem>> {
  return readJson(jenkins, api(url, `cancelled,executable[number,url],why,task[url],${ACTIONS}`), item);
}

export function readBuild(jenkins: JenkinsClient, url: string): Promise<JenkinsRead<JenkinsBuild>> {
  return readJson(jenkins, api(url, `building,result,number,url,${ACTIONS}`), build);
}

/** A validated response of the JSON API. */
export async function readJson<T>(
  { deployer, httpClient }: JenkinsClient,
  url: string,
  schema: z.ZodType<T>,
): Promise<JenkinsRead<T>> {
  const request: HttpRequest = { method: "GET", url, headers: credentials(deployer) };
  const verdict = classifyResponse(await httpClient(request), request, deployer.name);
  if (verdict.kind !== "taken") return verdict;
  const parsed = schema.safeParse(json(verdict.body));
  return parsed.success ? { kind: "read", value: parsed.data } : strange(deployer.name, url);
}

/** `url` ends with a slash; `tree` selects the needed fields, as a response may otherwise have megabytes. */
export function api(url: string, tree: string): string {
  return `${url}api/json?tree=${encodeURIComponent(tree)}`;
}

/** Far more than the requested fields have. */
const MOST: JsonLimits = { values: 50_000, containers: 25_000, keys: 20_000, keysOfOne: 5_000 };

function json(text: string): unknown {
  try {
    return findExcess(text, MOST) === undefined ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function strange(name: string, url: string): RequestFailure {
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

/** The username and token, and what is accepted. */
export function credentials({ username, token }: JenkinsDeployer): Readonly<Record<string, string>> {
  const basic = Buffer.from(`${username}:${token}`).toString("base64");
  return { authorization: `Basic ${basic}`, accept: "application/json" };
}
