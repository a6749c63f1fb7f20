// The request that starts a build.

import { classifyResponse, type ResponseClass } from "./classify-response.ts";
import type { HttpRequest, HttpResponse } from "./http-client.ts";
import { isSameJob } from "./jenkins-address.ts";
import { credentials, type JenkinsClient } from "./jenkins-api.ts";
import { notCreated, refusedByPlugin } from "./jenkins-problems.ts";

/** Starts a build; success is a 201 with the queue item as Location, unless a proxy removed it. */
export async function startBuild(
  { deployer, httpClient }: JenkinsClient,
  parameters: Readonly<Record<string, string>>,
): Promise<ResponseClass> {
  const request: HttpRequest = {
    method: "POST",
    url: `${deployer.job}/buildWithParameters?delay=0sec`,
    headers: { ...credentials(deployer), "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(parameters).toString(),
  };
  const answer = await httpClient(request);
  if (isToJob(answer, request.url, deployer.job)) return refusedByPlugin(deployer);
  const verdict = classifyResponse(answer, request, deployer.name);
  return verdict.kind === "taken" && verdict.status !== 201 ? notCreated(verdict.status, deployer) : verdict;
}

/** Jenkins redirects to the job itself when the queue takes no item (hudson.model.ParametersDefinitionProperty). */
function isToJob(answer: HttpResponse, from: string, job: string): boolean {
  if (answer.kind !== "answered" || answer.status !== 302) return false;
  const target = URL.parse(answer.headers.get("location") ?? "", from);
  return target !== null && isSameJob(target.pathname, job);
}
