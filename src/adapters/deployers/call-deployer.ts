// One step of one call, whatever kind of deployer it is to.

import { type CallStep, type CallTools, ended } from "../../domain/deployment/call-state.ts";
import type { DeployRequest } from "../../domain/deployment/deploy-request.ts";
import { mayBeNamedBy } from "../../domain/model/config/deployer.ts";
import type { Deployer } from "../../domain/model/config/settings.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";
import type { HttpClient } from "./http-client.ts";
import { callJenkins, followJenkins } from "./jenkins.ts";
import { callWebhook, followWebhook } from "./webhook.ts";

/** The deployers of server.yaml as it is at each step, reached through `httpClient`. */
export function deployersOf(deployers: () => readonly Deployer[], httpClient: HttpClient) {
  const named = (name: string) => deployers().find((deployer) => deployer.name === name);
  return {
    /** Calls a deployer that was not called yet. */
    call(call: DeployerCall, request: DeployRequest, tools: CallTools): Promise<CallStep> | CallStep {
      const deployer = named(call.deployer);
      if (deployer === undefined) return unknown(call);
      if (!mayBeNamedBy(deployer, request)) return ofOthers(call, request);
      return deployer.kind === "jenkins"
        ? callJenkins(call, request, { ...within(deployer, tools), httpClient, deployer })
        : callWebhook(call, request, { ...within(deployer, tools), httpClient, deployer });
    },
    /** Asks what became of a call that was made, or may have been. */
    follow(call: DeployerCall, request: DeployRequest, tools: CallTools): Promise<CallStep> | CallStep {
      const deployer = named(call.deployer);
      if (deployer === undefined) return unknown(call);
      if (!mayBeNamedBy(deployer, request)) return ofOthers(call, request);
      return deployer.kind === "jenkins"
        ? followJenkins(call, { ...within(deployer, tools), httpClient, deployer })
        : followWebhook(call, request, { ...within(deployer, tools), httpClient, deployer });
    },
  };
}

function within({ timeoutMs }: Deployer, tools: CallTools): CallTools {
  if (timeoutMs === undefined) return tools;
  return { ...tools, timeouts: { ...tools.timeouts, reportWithinMs: timeoutMs } };
}

function unknown(call: DeployerCall): CallStep {
  return ended(call, {
    code: "not-found",
    message: `There is no deployer "${call.deployer}" in server.yaml.`,
    help: "Name a deployer of server.yaml in `deploy`, or have the operator add this one.",
  });
}

/** The configuration was right when it was read: server.yaml has changed since. */
function ofOthers(call: DeployerCall, { repository, environment }: DeployRequest): CallStep {
  return ended(call, {
    code: "forbidden",
    message: `The deployer "${call.deployer}" does not deploy ${repository}#${environment}.`,
    help: "Have the operator list it under that deployer's repositories in server.yaml, or name another in `deploy`.",
  });
}
