// Computes a publish's new record in an environment from its verdict, the applied plan and the existing record.

import type { Verdict } from "../../../domain/model/promotion.ts";
import type { PromotionRecord } from "../../../domain/model/publish.ts";
import { type PlanOutcome, REFUSED_HELP } from "../apply/applied-plan.ts";

export interface RecordGround {
  /** The result of applying the plan. */
  readonly applied: Pick<PlanOutcome, "refused" | "help" | "pullRequest"> | undefined;
  readonly known: PromotionRecord | undefined;
  /** State of the recorded pull request, as it was read. */
  readonly pullRequestIs: "open" | "closed" | "merged" | undefined;
  /** Branch of the environment. */
  readonly branch: string;
}

export type NextRecord = Omit<PromotionRecord, "chart" | "repositoryId">;

const PAST = new Set<PromotionRecord["state"]>(["merged", "deploying", "deployed", "failed"]);
const ADDS_NOTHING = new Set<PromotionRecord["state"]>(["unchanged", "waiting", "superseded"]);

/**
 * `undefined` when the existing record says more: a merged promotion does not become `unchanged` because its version is
 * on the base; the deployment records what follows.
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

/**
 * The version is on the base: through its pull request, or by a push without it, which is recorded as `unchanged` since
 * it is not deployed.
 */
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
