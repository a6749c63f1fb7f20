// The observer of the states that records come to: called once for each change, when it is on disk. The metrics count them.

import type { DeploymentState } from "../../domain/model/deployment.ts";
import type { PromotionState, PublishState } from "../../domain/model/publish.ts";
import type { Accepted } from "../../reconcile/ports/store/publishes.ts";

export interface StateObserver {
  /** What became of an announcement (a new publish is `accepted`), and what its publish came to later. */
  readonly publish: (state: Accepted["kind"] | PublishState) => void;
  readonly promotion: (state: PromotionState) => void;
  readonly deployment: (state: DeploymentState) => void;
  /** Something is remembered that was not known, of these config repositories; of none where it concerns none. */
  readonly event: (repositoryIds: readonly number[]) => void;
}

export const noopObserver: StateObserver = {
  publish: () => undefined,
  promotion: () => undefined,
  deployment: () => undefined,
  event: () => undefined,
};
