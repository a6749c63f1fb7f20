// Updates promotion records after a merge, as GET /publishes/ID shows them.

import { leftConfig } from "../../../domain/deployment/describe.ts";
import type { Deployment, Moved } from "../../../domain/model/deployment.ts";
import type { PromotionRecord, PromotionState } from "../../../domain/model/publish.ts";
import { rolledBackBy } from "../../../domain/plan/history.ts";
import { compareVersions, parseVersion } from "../../../domain/versions/version.ts";
import type { Deps } from "../../context.ts";

type Outcome = Pick<PromotionRecord, "state" | "because"> & Partial<Pick<PromotionRecord, "pullRequest">>;

/**
 * Records `merged` for every publish whose version the merge brought, and `declined` for versions that it rolled back.
 * `url`: of the pull request.
 */
export async function recordMerged(deployment: Deployment, deps: Deps, url?: string): Promise<void> {
  if (deployment.state === "inactive") return;
  const { pullRequest, sha } = deployment;
  const merged: Outcome = {
    state: "merged",
    because: `#${pullRequest} was merged as ${sha.slice(0, 7)}`,
    ...(url !== undefined && { pullRequest: { number: pullRequest, url } }),
  };
  const back = deployment.promotions.filter(({ from, to }) => isOlder(to, from));
  await recordEach(deployment, deps, (recorded, moves) => {
    const { state, version } = recorded;
    const isEarlier = (recorded.pullRequest?.number ?? 0) < pullRequest;
    const isBack = moves.some((move) => back.includes(move) && move.from === version);
    if (isBack && isEarlier && state in RANK)
      return { state: "declined", because: rolledBackBy(version, { number: pullRequest }) };
    return nextFor(recorded, moves, merged);
  });
}

/**
 * Records the outcome of a deployment. When it is `deployed`, older versions that were merged and not deployed yet
 * become `superseded`. A version that a later merge rolled back while it was being deployed stays `declined`.
 */
export async function recordOutcome(deployment: Deployed, outcome: Outcome, deps: Deps): Promise<void> {
  const { pullRequest: merged } = deployment;
  await recordEach(deployment, deps, (recorded, moves) =>
    recorded.state === "declined" || isProposedAnew(recorded, merged)
      ? undefined
      : nextFor(recorded, moves, outcome),
  );
}

/** The deployment waited when its environment left the config: what it brought stays merged, and is not under way. */
export async function recordLeftBehind(deployment: Deployment, deps: Deps): Promise<void> {
  const { environment, pullRequest, repeats } = deployment;
  if (repeats) return;
  const because = `#${pullRequest} was merged. ${leftConfig(environment)}`;
  await recordEach(deployment, deps, ({ state, version }, moves) => {
    const isWaiting = state === "merged" || state === "deploying";
    return isWaiting && moves.some(({ to }) => to === version) ? { state: "merged", because } : undefined;
  });
}

/**
 * The merge is not on the base any more and a newer pull request proposes the version again: the deployment's outcome
 * does not apply to it.
 */
function isProposedAnew({ state, pullRequest }: Recorded, merged: number): boolean {
  return state === "proposed" && pullRequest !== undefined && pullRequest.number > merged;
}

/** Records an outcome without deployment, for all open or merged promotions recorded with this pull request. */
export async function recordPullRequest(
  { repositoryId, number }: { readonly repositoryId: number; readonly number: number },
  outcome: Outcome,
  { store }: Pick<Deps, "store">,
): Promise<void> {
  const records = await store.promotions.ofRepository(repositoryId);
  const promoted = records.filter(
    ({ state, pullRequest }) =>
      pullRequest?.number === number && (state === "proposed" || state === "merged"),
  );
  if (promoted.length > 0) await store.promotions.record(promoted.map((one) => ({ ...one, ...outcome })));
}

type Deployed = Pick<Deployment, "repositoryId" | "environment" | "promotions" | "pullRequest">;
type Recorded = Pick<PromotionRecord, "state" | "because" | "pullRequest"> & { readonly version: string };

/** `next`: the new outcome for a publish of a chart that moved; `undefined` to leave its record. */
async function recordEach(
  { repositoryId, environment, promotions }: Omit<Deployed, "pullRequest">,
  { store }: Deps,
  next: (recorded: Recorded, moves: readonly Moved[]) => Outcome | undefined,
): Promise<void> {
  const records = await store.promotions.ofEnvironment({ repositoryId, environment });
  const changed: PromotionRecord[] = [];
  for (const record of records) {
    const moves = promotions.filter(({ chart }) => chart === record.chart);
    if (moves.length === 0) continue;
    const publish = await store.publishes.get(record.publishId);
    const outcome = publish && next({ ...record, version: publish.version }, moves);
    if (outcome) changed.push({ ...record, ...outcome });
  }
  if (changed.length > 0) await store.promotions.record(changed);
}

const RANK: Partial<Record<PromotionState, number>> = { merged: 1, deploying: 2, failed: 3, deployed: 3 };

/** States only advance, so that redelivered and late events change nothing; one final state may replace another. */
function follows(next: PromotionState, state: PromotionState): boolean {
  const [to, from] = [RANK[next] ?? 0, RANK[state] ?? 0];
  return to > from || (to === 3 && from === 3 && next !== state);
}

function nextFor(
  { state, because, version }: Recorded,
  moves: readonly Moved[],
  outcome: Outcome,
): Outcome | undefined {
  if (moves.some(({ to }) => to === version)) {
    const isReworded = outcome.state === state && state === "merged" && outcome.because !== because;
    return isReworded || follows(outcome.state, state) ? outcome : undefined;
  }
  const waits = state === "merged" || state === "deploying";
  if (!waits || outcome.state !== "deployed") return undefined;
  const newer = moves.find(({ to }) => isOlder(version, to));
  return newer && { state: "superseded", because: `${newer.to} was deployed in its place` };
}

function isOlder(one: string, other: string): boolean {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  return a !== undefined && b !== undefined && compareVersions(a, b) < 0;
}
