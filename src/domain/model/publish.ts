// The fact that chart@version now stands in a chart repository, and what became of it.

import type { Problem } from "./problem.ts";
import type { Value } from "./umbrella.ts";

/** Where the chart was built from; every part is what the publisher said, none is checked. */
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

/** What a publisher announced, parsed and allowed, before it is looked up in the chart repository. */
export interface Announcement {
  readonly chart: string;
  readonly version: string;
  /** Name of the chart repository in server.yaml. */
  readonly repository: string;
  /** `sha256:` and 64 lowercase hex digits, of the packed archive. */
  readonly digest?: string;
  /** Below the chart's own key: the outermost keys are paths as of `helm --set`, deeper ones stand for themselves. */
  readonly values: { readonly [key: string]: Value };
  readonly source: Source;
  /** Name of the publisher in server.yaml. */
  readonly publisher: string;
}

/** For its row, its mark in the queue and its event. */
const BESIDE = 1024;

/** About how many bytes are kept of it while it waits to be verified. */
export function bytesOf({ values, source }: Pick<Announcement, "values" | "source">): number {
  return BESIDE + Buffer.byteLength(JSON.stringify(values)) + Buffer.byteLength(JSON.stringify(source));
}

export type PublishState = "accepted" | "verified" | "rejected";

/** What became of a version in its chart repository after it was verified there. */
export type ChartChange =
  | { readonly kind: "removed" }
  /** `digest`: of the archive that stands there now. */
  | { readonly kind: "replaced"; readonly digest: string };

export interface Publish extends Announcement {
  /** Opaque, URL-safe, unique; minted when the announcement was first stored. */
  readonly id: string;
  /** When it was first stored. */
  readonly at: Date;
  readonly state: PublishState;
  /** Why it was rejected, or what still keeps it from being verified. */
  readonly problem?: Problem;
  /** Since when its chart repository has answered that it is not there, or that access is denied: what `problem` says. */
  readonly missingSince?: Date;
  /** From the chart's own metadata, known once verified. */
  readonly appVersion?: string;
  /** Absent as long as the chart repository is known to have what was verified. */
  readonly changedSince?: ChartChange;
}

export type PromotionState =
  | "proposed"
  | "unchanged"
  /** Told to publishers as `unchanged`, with a word that it waits. */
  | "waiting"
  | "refused"
  | "declined"
  | "superseded"
  | "merged"
  | "deploying"
  | "deployed"
  | "failed";

/** What became of one publish in one environment. */
export interface PromotionRecord {
  readonly publishId: string;
  readonly repositoryId: number;
  readonly environment: string;
  /** The chart of the publish, as the environment's dependency names it. */
  readonly chart: string;
  readonly state: PromotionState;
  readonly because: string;
  /** What people can do about it, where it is refused and that is known; kept of refused ones only. */
  readonly help?: string;
  readonly pullRequest?: { readonly number: number; readonly url: string };
}

export type HeldRecord = PromotionRecord & {
  readonly state: "waiting" | "refused";
  readonly version: string;
};
