// A publish: the fact that chart@version is in a chart repository, and its state.

import type { Problem } from "./problem.ts";
import type { Value } from "./umbrella.ts";

/** Where the chart was built from, as the publisher states it; not verified. */
export interface Source {
  readonly repository?: string;
  readonly revision?: string;
  readonly build?: string;
}

export interface ChartKey {
  readonly chart: string;
  /** Name of the chart repository in server.yaml. */
  readonly repository: string;
}

/** A publisher's announcement, parsed and authorized, not yet looked up in the chart repository. */
export interface Announcement {
  readonly chart: string;
  readonly version: string;
  /** Name of the chart repository in server.yaml. */
  readonly repository: string;
  /** `sha256:` and 64 lowercase hex digits, of the packed archive. */
  readonly digest?: string;
  /** Relative to the chart's own key: the outermost keys are paths as of `helm --set`, deeper ones are literal. */
  readonly values: { readonly [key: string]: Value };
  readonly source: Source;
  /** Name of the publisher in server.yaml. */
  readonly publisher: string;
}

/** Bytes for its row, its work item and its event. */
const BESIDE = 1024;

/** The approximate size in bytes of its record while it waits to be verified. */
export function bytesOf({ values, source }: Pick<Announcement, "values" | "source">): number {
  return BESIDE + Buffer.byteLength(JSON.stringify(values)) + Buffer.byteLength(JSON.stringify(source));
}

export type PublishState = "accepted" | "verified" | "rejected";

/** What changed in the chart repository after the version was verified. */
export type ChartChange =
  | { readonly kind: "removed" }
  /** `digest`: of the present archive. */
  | { readonly kind: "replaced"; readonly digest: string };

export interface Publish extends Announcement {
  /** Opaque, URL-safe, unique; created when the announcement was first stored. */
  readonly id: string;
  /** When it was first stored. */
  readonly at: Date;
  readonly state: PublishState;
  /** Why it was rejected, or what still keeps it from being verified. */
  readonly problem?: Problem;
  /** Since when its chart repository has given the answer in `problem`: not there, or access denied. */
  readonly missingSince?: Date;
  /** From the chart's own metadata, known once verified. */
  readonly appVersion?: string;
  /** Absent while the chart repository is known to have the verified archive. */
  readonly changedSince?: ChartChange;
}

export type PromotionState =
  | "proposed"
  | "unchanged"
  /** Reported to publishers as `unchanged`, with a note that it waits. */
  | "waiting"
  | "refused"
  | "declined"
  | "superseded"
  | "merged"
  | "deploying"
  | "deployed"
  | "failed";

/** The state of one publish in one environment. */
export interface PromotionRecord {
  readonly publishId: string;
  readonly repositoryId: number;
  readonly environment: string;
  /** The chart of the publish: the dependency's name in the environment. */
  readonly chart: string;
  readonly state: PromotionState;
  readonly because: string;
  /** What people can do about a refusal, if that is known; only for `refused`. */
  readonly help?: string;
  readonly pullRequest?: { readonly number: number; readonly url: string };
}

export type HeldRecord = PromotionRecord & {
  readonly state: "waiting" | "refused";
  readonly version: string;
};
