// What reviewing a change of an environment needs: the charts packed, the folder before and after, and the facts
// gathered besides.

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

/** One version of a chart, or why it could not be fetched. */
export type Packed =
  | { readonly kind: "packed"; readonly bytes: Uint8Array }
  /** `problem`: set when the chart repository is the cause. */
  | { readonly kind: "missing"; readonly because: string; readonly problem?: Problem };

interface Versions {
  readonly before: Packed;
  readonly after: Packed;
}

/** A chart whose version or values change, with what judging it needs. */
export type ChartToJudge = Pick<ChartFacts, "chart" | "keys" | "from" | "to"> & Versions;

/** The same with everything that the pull request text says about it. */
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

/** What is to be rendered, or why nothing can be. */
export type ToRender =
  | {
      readonly kind: "folders";
      readonly before: UmbrellaFolder;
      readonly after: UmbrellaFolder;
      /** Keys of the dependencies whose archives were not fetched; they are left out of both folders. */
      readonly absent: readonly string[];
      /** Why the present version could not be fetched; then both folders contain the new one. */
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
  /** Maximum length of the text in characters; default: GitHub's limit. */
  readonly room?: number;
}

export type ReviewAnswer = Omit<Review, "sections"> & {
  /** The text between its hidden markers. */
  readonly body: string;
};

export interface ChartReviewer {
  /** Never rejects because of a chart's content. */
  review(request: ReviewRequest): Promise<ReviewAnswer>;
  /** The judgement alone; the same one that a review would contain. */
  judge(request: JudgeRequest): Promise<RenderingJudgement>;
}
