// Observes changes of state: called once for each, when it is durable. Used for metrics.

import type { DeploymentState } from "../../domain/model/deployment.ts";
import type { PromotionState, PublishState } from "../../domain/model/publish.ts";
import type { Accepted } from "../../reconcile/ports/store/publishes.ts";

export interface StateObserver {
  /** The result of an announcement (a new publish is `accepted`), and later states of its publish. */
  readonly publish: (state: Accepted["kind"] | PublishState) => void;
  readonly promotion: (state: PromotionState) => void;
  readonly deployment: (state: DeploymentState) => void;
  /** A new history event, for these config repositories; an empty list when it concerns none. */
  readonly event: (repositoryIds: readonly number[]) => void;
}

export const noopObserver: StateObserver = {
  publish: () => undefined,
  promotion: () => undefined,
  deployment: () => undefined,
  event: () => undefined,
};
