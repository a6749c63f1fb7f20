// The steps of a call to a webhook: signed as Standard Webhooks 1.0 has it (https://www.standardwebhooks.com), then its reports.

import { Webhook } from "standardwebhooks";
import type { DeployerCall } from "../model/deployment.ts";
import { secretBytes } from "../model/secret-bytes.ts";
import type { Deployer } from "../model/settings.ts";
import { aboutToCall, noNews, notTold, pending, reportedMeanwhile, type Step, type Tools } from "./call.ts";
import { type Errand, fields } from "./errand.ts";
import type { Request } from "./exchange.ts";
import { judge } from "./judge.ts";

type WebhookDeployer = Extract<Deployer, { kind: "webhook" }>;

interface Hook extends Tools {
  readonly deployer: WebhookDeployer;
}

/** Posts the errand. A repeat carries the same `webhook-id`, so that the receiver can tell it is one. */
export async function callWebhook(call: DeployerCall, errand: Errand, hook: Hook): Promise<Step> {
  const told = call.state === "waiting" ? aboutToCall(call, hook.now) : call;
  if (!(await hook.save(told))) return reportedMeanwhile(call, hook);
  const request = signed(errand, hook.deployer, hook.now);
  const verdict = judge(await hook.exchange(request), request, hook.deployer.name);
  if (verdict.kind === "taken") return awaitReport({ ...told, url: hook.deployer.url }, hook);
  const certain = call.state === "waiting" && verdict.sent === "no";
  return certain ? notTold(call, verdict, hook) : noNews(told, verdict, hook);
}

/** An acknowledged call waits for reports, which come from outside; one without an acknowledgement is made again. */
export function followWebhook(call: DeployerCall, errand: Errand, hook: Hook): Promise<Step> | Step {
  const acknowledged = call.url !== undefined || call.state === "running";
  return acknowledged ? awaitReport(call, hook) : callWebhook(call, errand, hook);
}

/** Reports cause a look of their own, so the next one is only due when time is up. */
function awaitReport({ problem: _over, ...call }: DeployerCall, hook: Hook): Step {
  const step = pending(call, hook);
  if (step.again === undefined) return step;
  const since = step.call.calledAt ?? hook.now;
  return { call: step.call, again: new Date(since.getTime() + hook.patience.reportWithinMs + 1) };
}

function signed(errand: Errand, deployer: WebhookDeployer, now: Date): Request {
  const body = JSON.stringify(fields(errand));
  const id = `deployment_${errand.deploymentId}_${deployer.name}`;
  const webhook = new Webhook(secretBytes(deployer.secret), { format: "raw" });
  return {
    method: "POST",
    url: deployer.url,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": webhook.sign(id, now, body),
    },
    body,
  };
}
