// Runs in a worker thread: computes decisions, one after the other.

import { DECISIONS, type DecisionName } from "../../reconcile/ports/decisions.ts";
import { serveJobs } from "../threads/serve-jobs.ts";

export interface Question {
  readonly name: DecisionName;
  readonly given: readonly unknown[];
}

serveJobs(({ name, given }: Question): unknown => Reflect.apply(DECISIONS[name], undefined, given));
