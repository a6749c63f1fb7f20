// What goes on record of a publish in an environment, from what was planned, what was done, and what was on record before.

import type { Verdict } from "../../../domain/model/promotion.ts";
import type { PromotionRecord } from "../../../domain/model/publish.ts";
import { type PlanOutcome, REFUSED_HELP } from "../apply/applied-plan.ts";

export interface RecordGround {
  /** What the carrying out of the plan came to. */
  readonly applied: Pick<PlanOutcome, "refused" | "help" | "pullRequest"> | undefined;
  readonly known: PromotionRecord | undefined;
  /** The state of the pull request on record, as it was read. */
  readonly pullRequestIs: "open" | "closed" | "merged" | undefined;
  /** The environment's branch. */
  readonly branch: string;
}

export type NextRecord = Omit<PromotionRecord, "chart" | "repositoryId">;

const PAST = new Set<PromotionRecord["state"]>(["merged", "deploying", "deployed", "failed"]);
const ADDS_NOTHING = new Set<PromotionRecord["state"]>(["unchanged", "waiting", "superseded"]);

/**
 * `undefined` when what is on record says more: a promotion that was merged does not become "unchanged" by being there, and
 * what comes of its merge is told where that is deployed.
 */
export function recordOf(verdict: Verdict, ground: RecordGround): NextRecord | undefined {
  const { publishId, environment, state, because } = verdict;
  const { applied: settled, known } = ground;
  if (known && PAST.has(known.state) && ADDS_NOTHING.has(state)) return undefined;
  if (state === "proposed" && settled?.refused !== undefined)
    return {
      ...{ publishId, environment, state: "refused", because: settled.refused },
      help: settled.help ?? REFUSED_HELP,
    };
  if (verdict.isOnBase && known?.pullRequest)
    return arrivedAs({ ...known, pullRequest: known.pullRequest }, ground);
  const { number, url } = settled?.pullRequest ?? {};
  const pullRequest =
    state === "proposed" && number !== undefined && url !== undefined ? { number, url } : known?.pullRequest;
  const help = state === "refused" && settled?.refused === because ? settled.help : undefined;
  return {
    ...{ publishId, environment, state, because },
    ...(help !== undefined && { help }),
    ...(pullRequest && { pullRequest }),
  };
}

type Proposed = PromotionRecord & { readonly pullRequest: NonNullable<PromotionRecord["pullRequest"]> };

/** By the pull request that proposed it, or past it: then nobody deployed it, and it is not told as if it were out. */
function arrivedAs(
  { publishId, environment, state, pullRequest }: Proposed,
  { pullRequestIs, branch }: RecordGround,
): NextRecord | undefined {
  const { number } = pullRequest;
  const about = { publishId, environment, pullRequest };
  if (pullRequestIs === "merged")
    return state === "proposed" ? { ...about, state: "merged", because: `#${number} was merged` } : undefined;
  const because = `${branch} has this version, which came there without #${number}; a push is not deployed by itself`;
  return { ...about, state: "unchanged", because };
}

export function isAsRecorded(next: NextRecord, old: PromotionRecord | undefined): boolean {
  return (
    old?.state === next.state &&
    old.because === next.because &&
    old.help === next.help &&
    old.pullRequest?.number === next.pullRequest?.number &&
    old.pullRequest?.url === next.pullRequest?.url
  );
}
