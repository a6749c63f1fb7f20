// What every engine must keep to: one suite, run on SQLite and on PostgreSQL.

import { afterEach, beforeEach, describe } from "@jest/globals";
import type { StateObserver } from "../../../../src/adapters/store/state-observer.ts";
import type { Store } from "../../../../src/reconcile/ports/store/store.ts";
import { describeDashboardIssues } from "./contract-dashboard-issues.ts";
import { describeDeliveries } from "./contract-deliveries.ts";
import { describeDeployments } from "./contract-deployments.ts";
import { describeDrift } from "./contract-drift.ts";
import { describeGlances } from "./contract-glances.ts";
import { describeHistory } from "./contract-history.ts";
import { describeJudgedCharts } from "./contract-judged-charts.ts";
import { describePermissions } from "./contract-permissions.ts";
import { describePolls } from "./contract-polls.ts";
import { describePublishes } from "./contract-publishes.ts";
import { describeQueue } from "./contract-queue.ts";
import { describeRepositories } from "./contract-repositories.ts";
import { describeRetention } from "./contract-retention.ts";
import { describeStates } from "./contract-states.ts";

export interface Engine {
  /** A store on a database of its own, the same one until the next `reset`. */
  open(states: StateObserver): Promise<Store>;
  /** Makes the next `open` find nothing. */
  reset(): Promise<void>;
}

/** The store of the test that runs. */
export type Current = () => Store;

export function describeStore(name: string, engine: Engine): void {
  describe(`the store on ${name}`, () => {
    let store: Store | undefined;
    const current = () => {
      if (store === undefined) throw new Error("No store is open.");
      return store;
    };
    let observed: string[] = [];
    const tell = (kind: string) => (state: string) => void observed.push(`${kind} ${state}`);
    beforeEach(async () => {
      await engine.reset();
      observed = [];
      store = await engine.open({
        publish: tell("publish"),
        promotion: tell("promotion"),
        deployment: tell("deployment"),
        event: () => undefined,
      });
    });
    afterEach(async () => {
      await current().queue.stop(100);
      await current().close();
    });
    describePublishes(current);
    describeRepositories(current);
    describeDeliveries(current);
    describeDeployments(current);
    describeDrift(current);
    describePermissions(current);
    describeGlances(current);
    describeDashboardIssues(current);
    describePolls(current);
    describeJudgedCharts(current);
    describeQueue(current);
    describeHistory(current);
    describeRetention(current);
    describeStates(current, () => observed.splice(0));
  });
}
