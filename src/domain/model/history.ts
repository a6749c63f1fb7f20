// What happened, as it is remembered: written with the fact itself, never changed, and told once to whom it concerns.

import type { Moved } from "./deployment.ts";

/** In the order in which they happen to one publish. */
export const HISTORY_KINDS = [
  "published",
  "verified",
  "rejected",
  "proposed",
  "declined",
  "refused",
  "superseded",
  "merged",
  "deployed",
  "failed",
  "healed",
  "drifted",
  "config-broken",
  "dead-letter",
  "asked",
] as const;

export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** Of which somebody may be told. */
export const TOLD_KINDS = [
  "proposed",
  "merged",
  "deployed",
  "failed",
  "drifted",
  "healed",
  "rejected",
  "dead-letter",
  "config-broken",
] as const satisfies readonly HistoryKind[];

export interface HistoryEvent {
  /** Idempotency key: one fact is remembered once. */
  readonly id: string;
  readonly kind: HistoryKind;
  readonly at: Date;
  /** GitHub's numeric id of the config repository; absent where it is about none. */
  readonly repositoryId?: number;
  readonly environment?: string;
  readonly facts: EventFacts;
}

/** What is known of it; each only where it belongs to the kind. */
export interface EventFacts {
  readonly publishId?: string;
  readonly chart?: string;
  readonly version?: string;
  readonly moves?: readonly Moved[];
  /** A commit that was deployed before was deployed once more: nothing moved. */
  readonly isRepeat?: true;
  /** Number. */
  readonly pullRequest?: number;
  readonly sha?: string;
  /** GitHub's id of the deployment. */
  readonly deployment?: number;
  /** How many deployers were to be told. */
  readonly deployers?: number;
  /** Through which door: `publisher NAME`, `deployer NAME`, a login, or absent for the App itself. */
  readonly by?: string;
  /** Where a login asked for it, other than on GitHub. */
  readonly door?: "dashboard";
  /** What was asked for there. */
  readonly command?: "hold" | "unhold" | "redeploy" | "heal" | "replay";
  /** In the words of the record. */
  readonly because?: string;
  /** Key of the work queue. */
  readonly key?: string;
}
