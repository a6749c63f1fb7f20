// One step of one call, whatever kind of deployer it is to.

import type { DeployerCall } from "../model/deployment.ts";
import type { Deployer } from "../model/settings.ts";
import { ended, type Step, type Tools } from "./call.ts";
import type { Errand } from "./errand.ts";
import { callJenkins, followJenkins } from "./jenkins.ts";
import { callWebhook, followWebhook } from "./webhook.ts";

export interface StepTools extends Tools {
  /** By name. */
  readonly deployers: ReadonlyMap<string, Deployer>;
}

/** Tells a deployer that was not told yet. */
export function callDeployer(call: DeployerCall, errand: Errand, tools: StepTools): Promise<Step> | Step {
  const deployer = tools.deployers.get(call.deployer);
  if (deployer === undefined) return unknown(call);
  return deployer.kind === "jenkins"
    ? callJenkins(call, errand, { ...tools, deployer })
    : callWebhook(call, errand, { ...tools, deployer });
}

/** Looks what became of a call that was made, or may have been. */
export function followCall(call: DeployerCall, errand: Errand, tools: StepTools): Promise<Step> | Step {
  const deployer = tools.deployers.get(call.deployer);
  if (deployer === undefined) return unknown(call);
  return deployer.kind === "jenkins"
    ? followJenkins(call, { ...tools, deployer })
    : followWebhook(call, errand, { ...tools, deployer });
}

function unknown(call: DeployerCall): Step {
  return ended(call, {
    code: "not-found",
    message: `There is no deployer "${call.deployer}" in server.yaml.`,
    help: "Name a deployer of server.yaml in `deploy`, or have the operator add this one.",
  });
}
