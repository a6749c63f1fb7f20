// History events: written together with their fact, never changed, and sent once to each recipient concerned.

import type { Moved } from "./deployment.ts";

/** In the order in which they occur for one publish. */
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

/** Kinds of which recipients can be notified. */
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
  /** Idempotency key: an event is recorded once. */
  readonly id: string;
  readonly kind: HistoryKind;
  readonly at: Date;
  /** GitHub's numeric id of the config repository; absent when the event concerns none. */
  readonly repositoryId?: number;
  readonly environment?: string;
  readonly facts: EventFacts;
}

/** Details; each is present only for the kinds that have it. */
export interface EventFacts {
  readonly publishId?: string;
  readonly chart?: string;
  readonly version?: string;
  readonly moves?: readonly Moved[];
  /** The deployment repeats an earlier one and changes no version. */
  readonly isRepeat?: true;
  /** Number. */
  readonly pullRequest?: number;
  readonly sha?: string;
  /** GitHub's id of the deployment. */
  readonly deployment?: number;
  /** How many deployers are called. */
  readonly deployers?: number;
  /** Who caused it: `publisher NAME`, `deployer NAME`, a login, or absent for the App itself. */
  readonly by?: string;
  /** Where a person requested it, if not on GitHub. */
  readonly door?: "dashboard";
  /** The action requested on the dashboard. */
  readonly command?: "hold" | "unhold" | "redeploy" | "heal" | "replay";
  /** The `because` of the record. */
  readonly because?: string;
  /** Key of the work queue. */
  readonly key?: string;
}
