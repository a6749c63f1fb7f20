// One step of one call, for any kind of deployer.

import {
  type CallStep,
  type CallTools,
  ended,
  noNews,
  notDelivered,
} from "../../domain/deployment/call-state.ts";
import type { DeployRequest } from "../../domain/deployment/deploy-request.ts";
import { mayBeNamedBy } from "../../domain/model/config/deployer.ts";
import type { Deployer } from "../../domain/model/config/settings.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { HttpClient } from "./http-client.ts";
import { callJenkins, followJenkins } from "./jenkins.ts";
import { callWebhook, followWebhook } from "./webhook.ts";

/** The deployers of the current server.yaml at each step, called through `httpClient`. */
export function deployersOf(deployers: () => readonly Deployer[], httpClient: HttpClient) {
  const named = (name: string) => deployers().find((deployer) => deployer.name === name);
  return {
    /** Makes a call that was not made yet. */
    call(call: DeployerCall, request: DeployRequest, tools: CallTools): Promise<CallStep> | CallStep {
      const deployer = named(call.deployer);
      if (deployer === undefined) return notToBeCalled(call, unknown(call), tools);
      if (!mayBeNamedBy(deployer, request)) return notToBeCalled(call, ofOthers(call, request), tools);
      return deployer.kind === "jenkins"
        ? callJenkins(call, request, { ...within(deployer, tools), httpClient, deployer })
        : callWebhook(call, request, { ...within(deployer, tools), httpClient, deployer });
    },
    /** Polls a call that was made, or may have been made. */
    follow(call: DeployerCall, request: DeployRequest, tools: CallTools): Promise<CallStep> | CallStep {
      const deployer = named(call.deployer);
      if (deployer === undefined) return notToBeCalled(call, unknown(call), tools);
      if (!mayBeNamedBy(deployer, request)) return notToBeCalled(call, ofOthers(call, request), tools);
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

/**
 * The deployer was removed from server.yaml since. It may return, so the call waits as for an unreachable deployer,
 * unless the config does not name it for the environment any more.
 */
function notToBeCalled(call: DeployerCall, problem: Problem, tools: CallTools): CallStep {
  if (call.state === "failed") return { call };
  if (!tools.isNamed) return ended(call, problem);
  const failure = { kind: "unreachable", sent: "no", problem } as const;
  return call.state === "waiting" ? notDelivered(call, failure, tools) : noNews(call, failure, tools);
}

function unknown({ deployer }: DeployerCall): Problem {
  return {
    code: "not-found",
    message: `There is no deployer "${deployer}" in server.yaml.`,
    help: "Name a deployer of server.yaml in `deploy`, or have the operator add this one; then comment `/redeploy` here.",
  };
}

function ofOthers({ deployer }: DeployerCall, { repository, environment }: DeployRequest): Problem {
  return {
    code: "forbidden",
    message: `The deployer "${deployer}" does not deploy ${repository}#${environment}.`,
    help: "Have the operator list it under that deployer's repositories in server.yaml, or name another in `deploy`; then comment `/redeploy` here.",
  };
}
