// Read the observed state, update the index, plan, apply: repeated until the state that was read is the one that the
// plan needs.

import { type LeftBranch, leftBranches } from "../domain/merge/left-branches.ts";
import type { Config } from "../domain/model/config/config.ts";
import type { ObservedState, RepositoryCounts } from "../domain/model/github/observed-state.ts";
import { type Dependent, nameWithOwner } from "../domain/model/github/repository.ts";
import type { ObservedPullRequest } from "../domain/model/github/snapshot.ts";
import type { Deps } from "./context.ts";
import { enqueueWatched } from "./drift/enqueue-drift.ts";
import { enqueue, enqueueAllCheckRuns } from "./keys.ts";
import { reconcilePromotions } from "./promotion/reconcile-promotions.ts";
import { refusePending } from "./promotion/verdict/record-verdicts.ts";
import { withdrawUnasked } from "./promotion/withdraw-unasked.ts";
import { noteRequeue } from "./repository/index/pending-requeues.ts";
import type { PendingWork } from "./repository/index/pending-work.ts";
import { type IndexUpdate, updateIndex } from "./repository/index/update-index.ts";
import { planReads } from "./repository/read-plan.ts";
import { reportObstacles } from "./repository/report-obstacles.ts";
import { fullResync, isUnasked, type Scope, scopeOf } from "./repository/scope.ts";
import { type Observed, requeueIfStale } from "./repository/stale-read.ts";
import { requeueAtEarliest } from "./requeue.ts";
import { untilConverged } from "./until-converged.ts";

export type Converged =
  /**
   * `heads`: head commits of the default branch and the environments' branches, as far as they were read.
   * `hasPromotions`: whether an open or merged pull request of the App was read. `left`: deleted branches that such
   * pull requests were merged into. `labelled`: every pull request that was read from a promotion branch. `counts`:
   * numbers of pull requests that allow later steps to skip requests.
   */
  | {
      readonly kind: "converged";
      readonly heads: ReadonlyMap<string, string>;
      readonly hasPromotions: boolean;
      readonly left: readonly LeftBranch[];
      readonly labelled: readonly Pick<ObservedPullRequest, "number" | "guardedLabels">[];
      readonly counts?: RepositoryCounts | undefined;
      readonly requeueAt?: Date | undefined;
    }
  /** GitHub's read replica lags behind its webhooks: everything stays pending. */
  | { readonly kind: "stale"; readonly requeueAt: Date };

const NOTHING_TO_READ = {
  kind: "converged",
  heads: new Map<string, string>(),
  hasPromotions: false,
  left: [],
  labelled: [],
} as const;

export async function convergePromotions(pending: PendingWork, deps: Deps): Promise<Converged> {
  const found = await converge(pending, deps);
  if (found.kind === "converged") await noteRequeue(pending.repository, found.requeueAt, deps);
  return found;
}

async function converge(pending: PendingWork, deps: Deps): Promise<Converged> {
  const work = await indexFirst(pending, deps);
  let round: Round = {
    work,
    lists: pending.resync || opensUnasked(work),
    doubts: new Map<string, string>(),
    withdrawn: new Set<string>(),
    moved: [],
  };
  return untilConverged(pending.repository, async () => {
    const found = await convergeOnce(round, deps);
    if (found.kind !== "unconverged") return found;
    round = { ...round, ...found.with };
    return undefined;
  });
}

function opensUnasked({ index, deliveries }: PendingWork): boolean {
  const { config, dependents = [] } = index ?? {};
  return config !== undefined && deliveries.some((one) => isUnasked(one, config, dependents));
}

/** The input of one round. */
interface Round {
  readonly work: PendingWork;
  /** Whether all open promotions are listed: needed when the config or an umbrella chart may have changed. */
  readonly lists: boolean;
  /** Shared by all rounds. */
  readonly doubts: Map<string, string>;
  readonly withdrawn: Set<string>;
  /** Dependencies whose version on the base changed without a promotion in scope. */
  readonly moved: readonly Dependent[];
}

interface Unconverged {
  readonly kind: "unconverged";
  readonly with: Partial<Round>;
}

async function convergeOnce(round: Round, deps: Deps): Promise<Converged | Unconverged> {
  const { work, lists } = round;
  const scope = await scopeNow(round, deps);
  if (isIdle(work, scope)) return NOTHING_TO_READ;
  const config = work.index?.config;
  const environments = config ? planReads(config, scope, work.index?.dependents ?? []) : [];
  const { repository } = work;
  const observed = await deps.github
    .in(repository)
    .fetchRepositoryState({ environments, openPromotions: lists });
  if (!observed) return leftByApp(work, deps);
  const refs = refsIn(observed, config);
  const requeueAt = await requeueIfStale(repository, refs, deps);
  if (requeueAt) return { kind: "stale", requeueAt };
  const update = await updateIndex({ ...work, answer: observed }, deps);
  if (update.kind === "changed") {
    const changed = { ...update, counts: observed.counts };
    return { kind: "unconverged", with: { work: await workByNewIndex(work, changed, deps), lists: true } };
  }
  const renewed = { ...work, repository: update.repository, index: update.index };
  const unasked = update.moved.filter(({ environment, chart }) => !scope.get(environment)?.has(chart));
  const moved = await recordedAsThere(unasked, repository.id, deps);
  if (moved.length > 0) return { kind: "unconverged", with: { work: renewed, moved } };
  const { counts } = observed;
  const seen = { heads: refs.heads, counts };
  if (!config) return { ...(await withoutConfig(renewed, deps)), ...seen };
  const proposed = await propose(
    { config, scope, observed, unreadEnvironments: update.unreadEnvironments, unserved: update.unserved },
    { ...round, work: renewed },
    deps,
  );
  if (!proposed) return { kind: "unconverged", with: { work: renewed } };
  const { requeueAt: due } = proposed;
  const pulls = promotionsIn(observed);
  const hasPromotions = pulls.some(({ byApp, state }) => byApp && state !== "closed");
  const left = leftBranches(observed.snapshots.values());
  return { kind: "converged", ...seen, hasPromotions, left, labelled: pulls, requeueAt: due };
}

type Changed = Extract<IndexUpdate, { kind: "changed" }>;

/**
 * Indexes the repository by a state that was read in bulk, if there is one. The following round reads everything and
 * checks it against that index.
 */
async function indexFirst(work: PendingWork, deps: Deps): Promise<PendingWork> {
  const answers = deps.firstReads.take(work.repository.id, deps.clock());
  // A webhook may be newer than the bulk read.
  if (work.index || work.deliveries.some(({ event }) => event.kind !== "resync")) return work;
  let now = work;
  for (const answer of answers) {
    const update = await updateIndex({ ...now, answer }, deps);
    if (update.kind === "changed")
      now = await workByNewIndex(now, { ...update, counts: answer.counts }, deps);
  }
  return now;
}

async function workByNewIndex(
  work: PendingWork,
  { repository, index, configChanged, counts }: Changed & Pick<ObservedState, "counts">,
  deps: Deps,
): Promise<PendingWork> {
  const isJudged = counts?.openPullRequests !== 0 && (work.index?.config ?? index.config) !== undefined;
  if (configChanged && isJudged) await enqueueAllCheckRuns(repository.id, deps);
  if (configChanged) await enqueueWatched(repository.id, index.config, deps);
  return { ...work, repository, index, resync: true };
}

interface Found {
  readonly config: Config;
  readonly scope: Scope;
  readonly observed: ObservedState;
  readonly unreadEnvironments: ReadonlySet<string>;
  readonly unserved: ReadonlySet<string>;
}

/** `undefined` when GitHub's state may have changed since it was read. */
async function propose(
  { config, scope, observed, unreadEnvironments, unserved }: Found,
  { work, doubts, withdrawn }: Round,
  deps: Deps,
): Promise<{ readonly requeueAt?: Date } | undefined> {
  const { repository } = work;
  const dependents = work.index?.dependents ?? [];
  const desired = { config, dependents, unreadEnvironments };
  const blocked = await withdrawUnasked({ repository, observed, desired, withdrawn }, deps);
  if (!blocked) return undefined;
  const about = { work, repository, config, scope, observed, dependents, unserved, doubts, blocked };
  const outcome = await reconcilePromotions(about, deps);
  if (outcome.kind === "converged") {
    if (!observed.archived)
      await reportObstacles(outcome.obstacles, { repository, config, counts: observed.counts }, deps);
    const isLeftOut = [...(observed.unreadable?.values() ?? [])].includes("left-out");
    const askAgain = isLeftOut ? new Date(deps.clock().getTime() + LEFT_OUT_MS) : undefined;
    return requeueAtEarliest([outcome.requeueAt, askAgain]) ?? {};
  }
  deps.log.info({ repository: nameWithOwner(repository), because: outcome.because }, "reading again");
  return undefined;
}

/** After this time, what GitHub left out of its answers is asked for again. */
const LEFT_OUT_MS = 10 * 60_000;

async function scopeNow({ work, moved }: Pick<Round, "work" | "moved">, { store }: Deps): Promise<Scope> {
  const { index, repository, deliveries, pending } = work;
  if (!index?.config) return new Map();
  if (work.resync) return fullResync(index.config, index.dependents);
  const records = await store.promotions.ofRepository(repository.id);
  const { dependents } = index;
  return scopeOf(index.config, { publishes: pending, deliveries, records, dependents, moved });
}

/** Whether nothing pending can change the promotions or the config. */
function isIdle({ repository, index, deliveries, pending, resync }: PendingWork, scope: Scope): boolean {
  const configPushed = deliveries.some(
    ({ event }) => event.kind === "branch-pushed" && event.branch === repository.defaultBranch,
  );
  return index !== undefined && !resync && scope.size === 0 && pending.length === 0 && !configPushed;
}

/**
 * The App was uninstalled or the repository is gone: its pending publishes are refused, and the installation is listed
 * again.
 */
async function leftByApp(work: PendingWork, deps: Deps): Promise<Converged> {
  const { owner, name, installationId } = work.repository;
  const because = `the App cannot see ${owner}/${name}: install it there again`;
  await refusePending(work, { because }, { deps });
  await enqueue(deps.store.queue, { kind: "installation", id: installationId });
  return NOTHING_TO_READ;
}

/** Pending publishes are refused now and planned for once the config is valid. */
async function withoutConfig(work: PendingWork, deps: Deps): Promise<typeof NOTHING_TO_READ> {
  const [first] = work.index?.problems ?? [];
  const reason = first
    ? { because: `${first.place?.file}, line ${first.place?.line}: ${first.message}`, help: first.help }
    : { because: "there is no config file" };
  await refusePending(work, reason, { deps });
  return NOTHING_TO_READ;
}

/**
 * Those whose chart has a record `unchanged` or `superseded`, which another version on the base may have made wrong.
 */
async function recordedAsThere(
  moved: readonly Dependent[],
  repositoryId: number,
  { store }: Deps,
): Promise<readonly Dependent[]> {
  const records = moved.length > 0 ? await store.promotions.ofRepository(repositoryId) : [];
  const recorded = records.filter(({ state }) => state === "unchanged" || state === "superseded");
  return moved.filter(({ environment, chart }) =>
    recorded.some((record) => record.environment === environment && record.chart === chart),
  );
}

function promotionsIn({ snapshots }: ObservedState): readonly ObservedPullRequest[] {
  const branches = [...snapshots.values()].flatMap((snapshot) => [...snapshot.branches.values()]);
  return branches.flatMap(({ pullRequests }) => pullRequests);
}

/** The branches and pull requests that were read, for comparison with recent webhooks (stale reads). */
function refsIn(observed: ObservedState, config: Config | undefined): Observed {
  const heads = new Map<string, string>();
  if (observed.defaultBranch && observed.defaultHead) heads.set(observed.defaultBranch, observed.defaultHead);
  for (const { name, branch } of config?.environments ?? []) {
    const snapshot = observed.snapshots.get(name);
    if (snapshot) heads.set(branch, snapshot.base);
  }
  const branches = [...observed.snapshots.values()].flatMap((snapshot) => [...snapshot.branches.values()]);
  for (const { name, head } of branches) if (head) heads.set(name, head.oid);
  const pulls = promotionsIn(observed);
  return { heads, pulls: pulls.map((pull) => ({ ...pull, headSha: pull.headOid })) };
}
