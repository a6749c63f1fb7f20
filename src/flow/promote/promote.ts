// Plans every environment in scope and makes its promotion branches say so.

import type { Environment } from "../../model/config.ts";
import type { Plan, Verdict } from "../../model/promotion.ts";
import type { PromotionRecord, Publish } from "../../model/publish.ts";
import { branchOf } from "../../plan/branches.ts";
import { planEnvironment } from "../../plan/plan.ts";
import type { PullRequestName } from "../../pull-request/propose.ts";
import type { Agenda } from "../look/agenda.ts";
import { upstreamOf } from "../upstream/upstream.ts";
import { wakeForDeclined } from "../upstream/wake-downstream.ts";
import type { World } from "../world.ts";
import { settlePlan } from "./settle-plan.ts";
import type { Promoting } from "./settling.ts";
import { withdraw } from "./withdraw.ts";

export type Promoted =
  | { readonly kind: "settled"; readonly again?: Date }
  /** GitHub may hold something else than what was read: look again now. */
  | { readonly kind: "again"; readonly because: string };

/** The newest publishes of each chart that are considered beside those that wait; others were overtaken long ago. */
const CONSIDERED = 100;

export async function promote(about: Promoting, world: World): Promise<Promoted> {
  const waits: Date[] = [];
  for (const environment of about.config.environments) {
    const charts = about.scope.get(environment.name);
    if (!charts) continue;
    const outcome = about.answer.archived
      ? await refuseAll(environment, `${about.answer.nameWithOwner} is archived`, { about, world })
      : await promoteTo(environment, charts, { about, world });
    if (outcome.kind === "again") return outcome;
    if (outcome.again) waits.push(outcome.again);
  }
  const again = waits.sort((a, b) => a.getTime() - b.getTime())[0];
  return { kind: "settled", ...(again && { again }) };
}

interface Context {
  readonly about: Promoting;
  readonly world: World;
}

async function promoteTo(
  environment: Environment,
  charts: ReadonlySet<string>,
  context: Context,
): Promise<Promoted> {
  const { about, world } = context;
  const snapshot = about.answer.snapshots.get(environment.name);
  if (!snapshot) return refuseAll(environment, `there is no branch ${environment.branch}`, context);
  const upstream = await upstreamOf(environment, about.repository, world);
  const withdrawn = await withdraw(upstream, { environment, snapshot, ...context });
  if (withdrawn !== undefined) return { kind: "again", because: withdrawn };
  const publishes = await publishesFor(environment.name, charts, context);
  const { plans, verdicts } = planEnvironment({
    environment,
    snapshot,
    publishes,
    charts,
    chartRepositories: world.settings.chartRepositories,
    waits: upstream.waits,
    ...(about.insisted && { insisted: about.insisted }),
  });
  const settled = new Map<string, Settled>();
  for (const plan of plans) {
    const outcome = await settlePlan(plan, { environment, snapshot, upstream, ...context });
    if (outcome.kind === "doubt") return { kind: "again", because: outcome.because };
    settled.set(plan.branch, { plan, ...outcome });
  }
  await record(verdicts, settled, { environment, publishes, ...context });
  const waits = [...settled.values()].flatMap(({ again }) => (again ? [again] : []));
  const again = [...waits, ...upstream.again()].sort((a, b) => a.getTime() - b.getTime())[0];
  return { kind: "settled", ...(again && { again }) };
}

/** Whatever waits is answered, however many newer ones there are. */
async function publishesFor(
  environment: string,
  charts: ReadonlySet<string>,
  { about, world }: Context,
): Promise<readonly Publish[]> {
  const here = about.dependents.filter(
    (dependent) => dependent.environment === environment && charts.has(dependent.chart),
  );
  const keys = new Map(
    here.map(({ chart, chartRepository }) => [
      `${chartRepository}/${chart}`,
      { chart, repository: chartRepository },
    ]),
  );
  const newest = await world.store.publishes.verifiedOf([...keys.values()], CONSIDERED);
  const waiting = about.agenda.pending.filter(({ chart, repository }) => keys.has(`${repository}/${chart}`));
  return [...new Map([...newest, ...waiting].map((publish) => [publish.id, publish])).values()];
}

export interface Settled {
  readonly plan: Plan;
  readonly pullRequest?: PullRequestName;
  /** Why what was planned could not be done. */
  readonly refused?: string;
  readonly again?: Date;
}

interface Planned extends Context {
  readonly environment: Environment;
  readonly publishes: readonly Publish[];
}

async function record(
  verdicts: readonly Verdict[],
  settled: ReadonlyMap<string, Settled>,
  { environment, publishes, about, world }: Planned,
): Promise<void> {
  const repositoryId = about.repository.id;
  const before = (await world.store.promotions.ofRepository(repositoryId)).filter(
    (old) => old.environment === environment.name,
  );
  const known = new Map(before.map((old) => [old.publishId, old]));
  const charts = new Map(publishes.map(({ id, chart }) => [id, chart]));
  const records = verdicts.flatMap((verdict): readonly PromotionRecord[] => {
    const chart = charts.get(verdict.publishId);
    if (chart === undefined) return [];
    const old = known.get(verdict.publishId);
    const next = recordOf(verdict, settled.get(branchOf(environment, chart)), old);
    return next && !isAsRecorded(next, old) ? [{ ...next, chart, repositoryId }] : [];
  });
  await world.store.promotions.record(records);
  const declined = records.filter(
    ({ state, publishId }) => state === "declined" && known.get(publishId)?.state !== "declined",
  );
  await wakeForDeclined(declined, { repositoryId, environment: environment.name }, world);
}

type Next = Omit<PromotionRecord, "chart" | "repositoryId">;

function isAsRecorded(next: Next, old: PromotionRecord | undefined): boolean {
  return (
    old?.state === next.state &&
    old.because === next.because &&
    old.pullRequest?.number === next.pullRequest?.number &&
    old.pullRequest?.url === next.pullRequest?.url
  );
}

const PAST = new Set<PromotionRecord["state"]>(["merged", "deploying", "deployed", "failed"]);

/** `undefined` when what is on record says more: a promotion that was merged does not become "unchanged" by being there. */
function recordOf(
  { publishId, environment, state, because }: Verdict,
  settled: Settled | undefined,
  known: PromotionRecord | undefined,
): Next | undefined {
  if (known && PAST.has(known.state) && (state === "unchanged" || state === "superseded")) return undefined;
  if (state === "proposed" && settled?.refused !== undefined) {
    return { publishId, environment, state: "refused", because: settled.refused };
  }
  const { number, url } = settled?.pullRequest ?? {};
  const pullRequest =
    state === "proposed" && number !== undefined && url !== undefined ? { number, url } : known?.pullRequest;
  return { publishId, environment, state, because, ...(pullRequest && { pullRequest }) };
}

/** Nothing can be read or written in this environment: its waiting publishes are told why. */
async function refuseAll(
  environment: Environment,
  because: string,
  { about, world }: Context,
): Promise<Promoted> {
  await refusePending(about.agenda, because, { world, only: environment.name });
  return { kind: "settled" };
}

/** Records `refused` for every publish that waits to be looked at here, in each environment that takes its chart. */
export async function refusePending(
  { repository, index, pending }: Agenda,
  because: string,
  { world, only }: { readonly world: World; readonly only?: string },
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
        }),
      ),
  );
  await world.store.promotions.record(records);
}
