// Records the verdicts on publishes in an environment, as `GET /publishes/ID` shows them.

import type { Environment } from "../../../domain/model/config/config.ts";
import type { Verdict } from "../../../domain/model/promotion.ts";
import type { PromotionRecord, Publish } from "../../../domain/model/publish.ts";
import { branchOf } from "../../../domain/plan/promotion-branch.ts";
import type { Deps } from "../../context.ts";
import type { PendingWork } from "../../repository/index/pending-work.ts";
import { enqueueDownstreamOfDeclined } from "../../upstream/enqueue-downstream.ts";
import type { AppliedPlan } from "../apply/applied-plan.ts";
import type { ObservedRepository } from "../observed-repository.ts";
import { isAsRecorded, recordOf } from "./verdict-record.ts";

interface Planned {
  readonly about: ObservedRepository;
  readonly deps: Deps;
  readonly environment: Environment;
  readonly publishes: readonly Publish[];
  /** The records before this run. */
  readonly records: readonly PromotionRecord[];
}

export async function recordVerdicts(
  verdicts: readonly Verdict[],
  applied: ReadonlyMap<string, AppliedPlan>,
  { environment, publishes, records: before, about, deps }: Planned,
): Promise<void> {
  const repositoryId = about.repository.id;
  const known = new Map(before.map((old) => [old.publishId, old]));
  const charts = new Map(publishes.map(({ id, chart }) => [id, chart]));
  const snapshot = about.observed.snapshots.get(environment.name);
  const records = verdicts.flatMap((verdict): readonly PromotionRecord[] => {
    const chart = charts.get(verdict.publishId);
    if (chart === undefined) return [];
    const old = known.get(verdict.publishId);
    const branch = branchOf(environment, chart);
    const pullRequests = snapshot?.branches.get(branch)?.pullRequests ?? [];
    const next = recordOf(verdict, {
      applied: applied.get(branch),
      known: old,
      pullRequestIs: pullRequests.find(({ number }) => number === old?.pullRequest?.number)?.state,
      branch: environment.branch,
    });
    return next && !isAsRecorded(next, old) ? [{ ...next, chart, repositoryId }] : [];
  });
  await deps.store.promotions.record(records);
  const declined = records.filter(
    ({ state, publishId }) => state === "declined" && known.get(publishId)?.state !== "declined",
  );
  await enqueueDownstreamOfDeclined(declined, { repositoryId, environment: environment.name }, deps);
}

interface Refused extends Pick<PendingWork, "repository" | "index"> {
  readonly pending: readonly Publish[];
}

/** Records `refused` for every publish pending here, in each environment that depends on its chart. */
export async function refusePending(
  { repository, index, pending }: Refused,
  { because, help }: Pick<PromotionRecord, "because" | "help">,
  { deps, only }: { readonly deps: Deps; readonly only?: string },
): Promise<void> {
  const dependents = (index?.dependents ?? []).filter(
    ({ environment }) => only === undefined || environment === only,
  );
  const records = pending.flatMap(({ id: publishId, chart, repository: chartRepository }) =>
    dependents
      .filter((dependent) => dependent.chart === chart && dependent.chartRepository === chartRepository)
      .map(
        ({ environment }): PromotionRecord => ({
          publishId,
          chart,
          repositoryId: repository.id,
          environment,
          state: "refused",
          because,
          ...(help !== undefined && { help }),
        }),
      ),
  );
  await deps.store.promotions.record(records);
}
