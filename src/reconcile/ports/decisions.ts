// Decisions over whole files of a repository. People's input may be large, or crafted to be slow, so they run in worker
// threads.

import type { CheckFacts } from "../../domain/check/facts.ts";
import { type Judgement, judgePullRequest } from "../../domain/check/judge-pull-request.ts";
import { type ReadChange, readChange } from "../../domain/check/read-change.ts";
import { extendedIn } from "../../domain/config/extended.ts";
import { parseConfig } from "../../domain/config/parse.ts";
import { withoutIgnored } from "../../domain/drift/ignore.ts";
import type { SeenResource } from "../../domain/model/drift.ts";
import { ok, type Result } from "../../domain/model/problem.ts";
import type { Change } from "../../domain/model/promotion.ts";
import type { Publish } from "../../domain/model/publish.ts";
import { environmentObstacles } from "../../domain/plan/environment-obstacles.ts";
import { type EnvironmentPlan, type PlanInput, planEnvironment } from "../../domain/plan/plan-environment.ts";
import { planRollBack, type RollBack, reversals } from "../../domain/plan/plan-rollback.ts";
import { readUmbrella } from "../../domain/umbrella/read-umbrella.ts";

/** Plain values, so that it can be sent to another thread. */
export interface RollBackQuery extends Omit<RollBack, "publishOf"> {
  /** Key: `CHART VERSION`. */
  readonly publishes: ReadonlyMap<string, Publish>;
}

export const DECISIONS = {
  parseConfig,
  extendedIn,
  readUmbrella,
  readChange: (...given: Parameters<typeof readChange>): Result<ReadChange> => ok(readChange(...given)),
  environmentObstacles,
  reversals,
  judgePullRequest: (facts: CheckFacts): Result<Judgement> => ok(judgePullRequest(facts)),
  withoutIgnored: (
    ...given: Parameters<typeof withoutIgnored<SeenResource>>
  ): Result<readonly SeenResource[]> => ok(withoutIgnored(...given)),
  planEnvironment: (input: PlanInput): Result<EnvironmentPlan> => ok(planEnvironment(input)),
  planRollBack: ({ publishes, ...input }: RollBackQuery): Result<Change> =>
    planRollBack({
      ...input,
      publishOf: ({ chart, to }) => {
        const publish = publishes.get(`${chart} ${to}`);
        if (!publish) throw new Error(`${chart} goes back to a version that was not looked up`);
        return publish;
      },
    }),
} as const;

export type DecisionName = keyof typeof DECISIONS;
export type Given<Name extends DecisionName> = Parameters<(typeof DECISIONS)[Name]>;
export type Decided<Name extends DecisionName> =
  ReturnType<(typeof DECISIONS)[Name]> extends Result<infer Value> ? Value : never;

export interface Decisions {
  /**
   * Runs the function of this name in a worker thread; fails with `too-slow` after a time limit. `flow`: whose files
   * they are; calls of one flow wait only for each other.
   */
  decide<Name extends DecisionName>(
    flow: string,
    name: Name,
    ...given: Given<Name>
  ): Promise<Result<Decided<Name>>>;
}
