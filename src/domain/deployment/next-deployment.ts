// Which deployment of one environment is called next, which ones it supersedes, and which have to wait. Never an older
// commit after a newer one, and one at a time, so that the order of arrival at a deployer cannot matter.

import type { DeployerCall, Deployment } from "../model/deployment.ts";

/** A deployment that GitHub has, so that its deployers can be given its id. */
export type KnownDeployment = Deployment & { readonly githubId: number };

export function isKnown(deployment: Deployment): deployment is KnownDeployment {
  return deployment.githubId !== undefined;
}

export interface DeploymentCandidate {
  readonly deployment: KnownDeployment;
  readonly calls: readonly DeployerCall[];
}

/** For each commit asked about, those of the others that are its ancestors. */
export type Containment = ReadonlyMap<string, ReadonlySet<string>>;

interface Later {
  readonly deployment: KnownDeployment;
  readonly by: KnownDeployment;
}

export interface Superseded extends Later {
  /** `replaced`: history was rewritten, and neither commit contains the other. */
  readonly how: "contained" | "replaced";
}

export interface DeploymentDecision {
  /**
   * The deployment whose deployers may be called: the newest ready one, or the one in progress that some of its
   * deployers were not called for yet.
   */
  readonly call?: KnownDeployment;
  /** Not begun, and never will be. */
  readonly superseded: readonly Superseded[];
  /** In progress; its deployers that were not called yet are called for the newer one only. */
  readonly partlySuperseded: readonly Later[];
  /** Ready, queued behind one that is running. */
  readonly queuedBehind: readonly Later[];
  /** Held by a freeze, windows or the operator's pause. */
  readonly held: readonly KnownDeployment[];
}

/** Candidates of one environment, in any order; `contains` covers the commits that `relevant` returns. */
export function decideNextDeployment(
  candidates: readonly DeploymentCandidate[],
  contains: Containment,
  now: Date,
): DeploymentDecision {
  const begun = lastBegun(candidates)?.deployment;
  const open = candidates.filter((one) => isUnfinished(one.deployment) && !hasBegun(one));
  const fresh = open
    .map((one) => one.deployment)
    .filter((one) => begun === undefined || !precedes(one, begun, contains));
  const newest = newestOf(
    fresh.filter((one) => !isHeld(one, now)),
    contains,
  );
  const superseded = open.flatMap(({ deployment }): readonly Superseded[] => {
    const later = [newest, begun].flatMap((other) => other ?? []).filter((other) => other !== deployment);
    const by = later.find((other) => precedes(deployment, other, contains));
    return by === undefined ? [] : [{ deployment, by, how: howOvertaken(deployment, by, contains) }];
  });
  const running = candidates.find(isRunning)?.deployment;
  const begunPartly = candidates.find(
    (one) => isUnfinished(one.deployment) && hasBegun(one) && hasUncalled(one),
  );
  const call = newest === undefined ? begunPartly?.deployment : running === undefined ? newest : undefined;
  const gone = new Set(superseded.map((one) => one.deployment));
  return {
    ...(call === undefined ? {} : { call }),
    superseded: superseded,
    partlySuperseded:
      newest === undefined || begunPartly === undefined
        ? []
        : [{ deployment: begunPartly.deployment, by: newest }],
    queuedBehind: newest === undefined || running === undefined ? [] : [{ deployment: newest, by: running }],
    held: fresh.filter((one) => isHeld(one, now) && !gone.has(one)),
  };
}

/**
 * The commits whose order `decideNextDeployment` needs: that of the last begun deployment and all waiting ones. Empty
 * when there are fewer than two.
 */
export function relevant(candidates: readonly DeploymentCandidate[]): readonly string[] {
  const begun = lastBegun(candidates);
  const open = candidates.filter((one) => isUnfinished(one.deployment) && !hasBegun(one));
  if (open.length === 0) return [];
  const shas = [...open, ...(begun === undefined ? [] : [begun])].map((one) => one.deployment.sha);
  return [...new Set(shas)];
}

export function isUnfinished({ state }: Deployment): boolean {
  return state === "creating" || state === "held" || state === "queued" || state === "in_progress";
}

/** True once a deployer was called for it, or may have been. */
export function hasBegun({ calls }: DeploymentCandidate): boolean {
  return calls.some(wasCalled);
}

function wasCalled({ state }: DeployerCall): boolean {
  return state !== "waiting" && state !== "skipped";
}

function isRunning({ calls }: DeploymentCandidate): boolean {
  return calls.some(({ state }) => state === "called" || state === "running");
}

function hasUncalled({ calls }: DeploymentCandidate): boolean {
  return calls.some(({ state }) => state === "waiting");
}

/** The deployment that was begun last; it has the newest commit of all that were ever begun. */
export function lastBegun(candidates: readonly DeploymentCandidate[]): DeploymentCandidate | undefined {
  return candidates
    .filter(hasBegun)
    .reduce<DeploymentCandidate | undefined>(
      (last, one) => (last === undefined || begunAt(one) > begunAt(last) ? one : last),
      undefined,
    );
}

function begunAt(candidate: DeploymentCandidate): number {
  return (firstCalledAt(candidate) ?? candidate.deployment.createdAt).getTime();
}

/** When its first deployer was called; `undefined` while none was, as far as is known. */
export function firstCalledAt({ calls, deployment }: DeploymentCandidate): Date | undefined {
  const times = calls.filter(wasCalled).map(({ calledAt }) => (calledAt ?? deployment.createdAt).getTime());
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/**
 * Whether a status already says that it is held or queued: its commit may have been forced off the branch since. A
 * repeat deploys no new commit, so it does not count.
 */
export function hasWaited(candidate: DeploymentCandidate): boolean {
  const { description, repeats } = candidate.deployment;
  return description !== undefined && repeats === undefined && !hasBegun(candidate);
}

function isHeld({ state, heldUntil }: Deployment, now: Date): boolean {
  return state === "held" && (heldUntil === undefined || heldUntil > now);
}

function howOvertaken({ sha }: Deployment, by: Deployment, contains: Containment): Superseded["how"] {
  return sha === by.sha || contains.get(by.sha)?.has(sha) === true ? "contained" : "replaced";
}

/**
 * Contained in the other; if neither contains the other (history was rewritten, or it is the same commit), the earlier
 * one.
 */
function precedes(one: Deployment, other: Deployment, contains: Containment): boolean {
  if (contains.get(other.sha)?.has(one.sha)) return true;
  if (contains.get(one.sha)?.has(other.sha)) return false;
  return one.createdAt < other.createdAt;
}

/** Of those that no other contains, the one merged last. */
function newestOf(
  deployments: readonly KnownDeployment[],
  contains: Containment,
): KnownDeployment | undefined {
  const tips = deployments.filter(
    ({ sha }) => !deployments.some((other) => contains.get(other.sha)?.has(sha) === true),
  );
  return tips.reduce<KnownDeployment | undefined>(
    (newest, one) => (newest === undefined || one.createdAt >= newest.createdAt ? one : newest),
    undefined,
  );
}
