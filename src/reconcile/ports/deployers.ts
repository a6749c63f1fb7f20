// What deploying needs of the deployers.

import type { CallStep, CallTools } from "../../domain/deployment/call-state.ts";
import type { DeployRequest } from "../../domain/deployment/deploy-request.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";

/** The deployers of server.yaml, by the name in the call. One short step at a time: no worker waits while a deployer works. */
export interface Deployers {
  /** Calls a deployer that was not called yet. */
  readonly call: TakeStep;
  /** Asks what became of a call that was made, or may have been. */
  readonly follow: TakeStep;
}

type TakeStep = (
  call: DeployerCall,
  request: DeployRequest,
  tools: CallTools,
) => Promise<CallStep> | CallStep;
