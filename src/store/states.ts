// Who is told of the states that records come to: each change once, when it is on disk. The metrics count them.

import type { DeploymentState } from "../model/deployment.ts";
import type { PromotionState, PublishState } from "../model/publish.ts";
import type { Accepted } from "./store.ts";

export interface States {
  /** What became of an announcement (a new publish is `accepted`), and what its publish came to later. */
  readonly publish: (state: Accepted["kind"] | PublishState) => void;
  readonly promotion: (state: PromotionState) => void;
  readonly deployment: (state: DeploymentState) => void;
}

export const NOBODY: States = {
  publish: () => undefined,
  promotion: () => undefined,
  deployment: () => undefined,
};
