// What deploying needs of the deployers.

import type { CallStep, CallTools } from "../../domain/deployment/call-state.ts";
import type { DeployRequest } from "../../domain/deployment/deploy-request.ts";
import type { DeployerCall } from "../../domain/model/deployment.ts";

/**
 * The deployers of server.yaml, by the name in the call. Every step is short: no worker waits while a deployer works.
 */
export interface Deployers {
  /** Makes a call that was not made yet. */
  readonly call: TakeStep;
  /** Polls a call that was made, or may have been made (lost answer). */
  readonly follow: TakeStep;
}

type TakeStep = (
  call: DeployerCall,
  request: DeployRequest,
  tools: CallTools,
) => Promise<CallStep> | CallStep;
