// What reviewing a change of an environment takes: its charts packed, its folder before and after, and what is known besides.

import type { Cluster } from "../../domain/model/config/config.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { Files } from "../../domain/model/umbrella.ts";
import type {
  ChartFacts,
  NotRendered,
  PullRequestFacts,
  TextFile,
} from "../../domain/pull-request-body/facts.ts";
import type { RenderingJudgement } from "../../domain/pull-request-body/judgement.ts";
import type { Review } from "../../domain/pull-request-body/review.ts";

/** One version of a chart, or why it could not be had. */
export type Packed =
  | { readonly kind: "packed"; readonly bytes: Uint8Array }
  /** `problem`: of the chart repository, where it is that. */
  | { readonly kind: "missing"; readonly because: string; readonly problem?: Problem };

interface Versions {
  readonly before: Packed;
  readonly after: Packed;
}

/** A chart that moves or whose values change, as a judgement needs it. */
export type ChartToJudge = Pick<ChartFacts, "chart" | "keys" | "from" | "to"> & Versions;

/** The same with everything that the text says. */
export type ChartToReview = Omit<ChartFacts, "before" | "after" | "schema"> & Versions;

/** An umbrella chart's folder as Helm is given it. */
export interface UmbrellaFolder {
  /** Texts by path below it. */
  readonly umbrellaFiles: Files;
  /** Packed dependencies by file name (`xposer-2.0.0.tgz`). */
  readonly archives: ReadonlyMap<string, Uint8Array>;
  /** Paths among `umbrellaFiles`, later ones winning. */
  readonly valuesFiles: readonly string[];
}

/** What is to be rendered, or why it cannot be. */
export type ToRender =
  | {
      readonly kind: "folders";
      readonly before: UmbrellaFolder;
      readonly after: UmbrellaFolder;
      /** Keys of the dependencies that are not at hand and so not in the folders. */
      readonly absent: readonly string[];
      /** Why there is no folder of the present version; then both are of the new one. */
      readonly uncompared?: string;
    }
  | NotRendered;

export interface JudgeRequest {
  readonly cluster: Cluster;
  /** Name of the umbrella chart. */
  readonly umbrella: string;
  readonly charts: readonly ChartToJudge[];
  readonly valuesFiles: readonly TextFile[];
  readonly toRender: ToRender;
}

export interface ReviewRequest {
  readonly facts: Omit<PullRequestFacts, "charts" | "rendered"> & {
    readonly umbrella: string;
    readonly charts: readonly [ChartToReview, ...ChartToReview[]];
  };
  readonly toRender: ToRender;
  /** How many characters the text may have; default: as many as GitHub takes. */
  readonly room?: number;
}

export type ReviewAnswer = Omit<Review, "sections"> & {
  /** The text, within its markers. */
  readonly body: string;
};

export interface ChartReviewer {
  /** Never rejects for what stands in a chart. */
  review(request: ReviewRequest): Promise<ReviewAnswer>;
  /** The judgement that a review of the same would come with. */
  judge(request: JudgeRequest): Promise<RenderingJudgement>;
}
