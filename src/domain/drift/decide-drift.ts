// What to do about reported drift of a cluster: nothing, show it, heal it, or ask people.

import type { DeploymentHold } from "../deployment/hold.ts";
import type { KnownDeployment } from "../deployment/next-deployment.ts";
import type { Deployment } from "../model/deployment.ts";
import type { DriftPolicy, Keep, SeenResource } from "../model/drift.ts";

/** Facts about one environment at one instant. */
export interface DriftFacts {
  readonly now: Date;
  readonly policy: DriftPolicy;
  /** The last successful deployment; absent before the first. */
  readonly last: KnownDeployment | undefined;
  /** Time of the last report about that deployment; absent before the first report. */
  readonly reportedAt: Date | undefined;
  /** The drifted resources reported about it by all deployers, without ignored ones. */
  readonly resources: readonly SeenResource[];
  /**
   * Since when there has been no report: the newest of the last report, the last success, and the begin of watching.
   */
  readonly silentSince: Date;
  /** A deployment of the environment that has not ended. */
  readonly open?: Deployment;
  /** A deployment of another commit that was begun after `last`, and failed. */
  readonly failedSince?: KnownDeployment;
  readonly frozen?: Omit<DeploymentHold, "holdsAll">;
  readonly keep?: Keep;
  /** Heals begun in the last 24 hours or since `last`, newest first. */
  readonly heals: readonly Heal[];
}

export interface Heal extends Pick<Deployment, "githubId" | "sha" | "createdAt" | "changedAt" | "state"> {
  /** The deployers' messages in full length; a description on GitHub has room for the beginning only. */
  readonly description?: string;
}

export type DriftDecision =
  /** Nothing is deployed, or there is no report about it yet. */
  | { readonly kind: "nothing" }
  | { readonly kind: "clean" }
  /** Reports have stopped; the last one is too old to act on. */
  | { readonly kind: "unwatched"; readonly since: Date }
  | ({ readonly kind: "show" } & Hold)
  | { readonly kind: "heal"; readonly of: KnownDeployment }
  | ({ readonly kind: "ask" } & OpenQuestion);

/** Why it is not healed now; `until`: when that may be over by itself. */
export type Hold = { readonly until?: Date } & (
  | { readonly because: "off" | "not-comparable" | "keep" | "frozen" | "too-young" }
  | { readonly because: "open"; readonly open: Deployment }
  /** No deployer could be called for the last heal, and there has been no report since. */
  | { readonly because: "not-looked-since"; readonly heal: Heal }
);

/** Why people have to look at it. */
export type OpenQuestion =
  | { readonly because: "failed-since"; readonly failed: KnownDeployment; readonly until?: Date }
  | { readonly because: "heal-failed"; readonly heal: Heal; readonly until?: Date }
  | { readonly because: "at-most"; readonly until: Date };

export const HEALS_COUNT_MS = 24 * 60 * 60_000;
/** How many intervals may pass without a report. */
const ROUNDS = 3;

/** Holds that end by themselves; a question to people takes precedence over them. */
const YIELDING: ReadonlySet<Hold["because"]> = new Set(["too-young", "not-looked-since"]);

export function decideDrift(facts: DriftFacts): DriftDecision {
  const { now, last, reportedAt, resources, silentSince } = facts;
  if (!last) return { kind: "nothing" };
  if (now >= unwatchedAt(facts)) return { kind: "unwatched", since: silentSince };
  if (!reportedAt) return { kind: "nothing" };
  if (resources.length === 0) return { kind: "clean" };
  const question = questionOf(facts);
  const hold = holdOf(facts);
  if (hold && !(question && YIELDING.has(hold.because))) return { kind: "show", ...hold };
  return question ? { kind: "ask", ...question } : { kind: "heal", of: last };
}

/** When the decision may change without any new event. */
export function redecideAt(facts: DriftFacts, decision: DriftDecision): Date | undefined {
  if (decision.kind === "unwatched" || !facts.last) return undefined;
  const until = decision.kind === "show" || decision.kind === "ask" ? decision.until : undefined;
  const silent = unwatchedAt(facts);
  return until && until < silent ? until : silent;
}

function unwatchedAt({ silentSince, policy }: Pick<DriftFacts, "silentSince" | "policy">): Date {
  return new Date(silentSince.getTime() + ROUNDS * policy.everyMs);
}

function holdOf(facts: DriftFacts): Hold | undefined {
  const { now, policy, resources, reportedAt, open, frozen, keep } = facts;
  if (keep && keep.until > now) return { because: "keep", until: keep.until };
  const healable = resources.filter(({ change }) => change !== "unknown");
  if (healable.length === 0) return { because: "not-comparable" };
  if (policy.heal === "off") return { because: "off" };
  if (open) return { because: "open", open };
  if (frozen) return { because: "frozen", ...(frozen.until && { until: frozen.until }) };
  const since = Math.min(...healable.map((one) => one.since.getTime()));
  const ripe = new Date(since + policy.afterMs);
  if (ripe > now) return { because: "too-young", until: ripe };
  const heal = lastHeal(facts);
  return heal && reportedAt && reportedAt <= heal.changedAt
    ? { because: "not-looked-since", heal }
    : undefined;
}

/**
 * The newest unsuccessful heal of the last successful commit, since that success. A heal of the commit before may be
 * younger than a merge with a late webhook.
 */
function lastHeal({ last, heals }: DriftFacts): Heal | undefined {
  return heals.find(({ createdAt, sha }) => last && createdAt > last.createdAt && sha === last.sha);
}

/**
 * A heal whose deployer failed would fail again, so people are asked; one for which no deployer could be called is
 * retried.
 */
function questionOf(facts: DriftFacts): OpenQuestion | undefined {
  const { now, policy, failedSince, heals } = facts;
  if (failedSince) return { because: "failed-since", failed: failedSince };
  const heal = lastHeal(facts);
  if (heal?.state === "failure") return { because: "heal-failed", heal };
  const counted = heals.filter(({ createdAt }) => now.getTime() - createdAt.getTime() < HEALS_COUNT_MS);
  const oldest = counted[policy.atMost - 1];
  if (!oldest) return undefined;
  return { because: "at-most", until: new Date(oldest.createdAt.getTime() + HEALS_COUNT_MS) };
}
