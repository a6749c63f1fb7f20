// The steps of a call to a webhook: a signed request (Standard Webhooks 1.0, https://www.standardwebhooks.com), then
// its reports.

import { Webhook } from "standardwebhooks";
import {
  aboutToCall,
  type CallStep,
  type CallTools,
  noNews,
  notDelivered,
  pending,
  reportedMeanwhile,
} from "../../domain/deployment/call-state.ts";
import { type DeployRequest, fieldsOf } from "../../domain/deployment/deploy-request.ts";
import type { Deployer } from "../../domain/model/config/settings.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";
import { signingSecret } from "../../domain/model/secret/secret.ts";
import { secretBytes } from "../../domain/model/secret/secret-bytes.ts";
import { classifyResponse } from "./classify-response.ts";
import type { HttpClient, HttpRequest } from "./http-client.ts";

type WebhookDeployer = Extract<Deployer, { kind: "webhook" }>;

interface Hook extends CallTools {
  readonly httpClient: HttpClient;
  readonly deployer: WebhookDeployer;
}

/** Posts the deploy request. A retry has the same `webhook-id`, the receiver's idempotency key. */
export async function callWebhook(call: DeployerCall, request: DeployRequest, hook: Hook): Promise<CallStep> {
  const called = call.state === "waiting" ? aboutToCall(call, hook.now) : call;
  if (!(await hook.save(called))) return reportedMeanwhile(call, hook);
  const message = signed(request, hook.deployer, hook.now);
  const verdict = classifyResponse(await hook.httpClient(message), message, hook.deployer.name);
  if (verdict.kind === "taken") return awaitReport({ ...called, url: hook.deployer.url }, hook);
  const certain = call.state === "waiting" && verdict.sent === "no";
  return certain ? notDelivered(call, verdict, hook) : noNews(called, verdict, hook);
}

/** An acknowledged call waits for reports from the deployer; one without an acknowledgement is repeated. */
export function followWebhook(
  call: DeployerCall,
  request: DeployRequest,
  hook: Hook,
): Promise<CallStep> | CallStep {
  if (call.state === "failed") return { call };
  const acknowledged = call.url !== undefined || call.state === "running";
  return acknowledged ? awaitReport(call, hook) : callWebhook(call, request, hook);
}

/** Reports enqueue the environment themselves, so the requeue is only for the timeout. */
function awaitReport({ problem: _over, ...call }: DeployerCall, hook: Hook): CallStep {
  const step = pending(call, hook);
  if (step.requeueAt === undefined) return step;
  const since = step.call.calledAt ?? hook.now;
  return { call: step.call, requeueAt: new Date(since.getTime() + hook.timeouts.reportWithinMs + 1) };
}

function signed(request: DeployRequest, deployer: WebhookDeployer, now: Date): HttpRequest {
  const body = JSON.stringify(fieldsOf(request));
  const id = `deployment_${request.deploymentId}_${deployer.name}`;
  const webhook = new Webhook(secretBytes(signingSecret(deployer.secret)), { format: "raw" });
  return {
    method: "POST",
    url: deployer.url,
    shownAs: new URL(deployer.url).origin,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": webhook.sign(id, now, body),
    },
    body,
  };
}
