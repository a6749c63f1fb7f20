// The newest check of each open pull request, readable without a request to GitHub.

import type { Judgement } from "../../../domain/check/judge-pull-request.ts";
import type { ChartKey } from "../../../domain/model/publish.ts";

export interface NewestCheck extends Pick<Judgement, "conclusion" | "title"> {
  /** Whether the label `promotion/hold` is on the pull request. */
  readonly isHeld: boolean;
}

export interface JudgedPullRequest {
  readonly repositoryId: number;
  readonly number: number;
}

export interface Checks {
  /** `undefined` removes a closed pull request. */
  put(pullRequest: JudgedPullRequest, check: NewestCheck | undefined): Promise<void>;
  of(pullRequest: JudgedPullRequest): Promise<NewestCheck | undefined>;
  /** `repositoryId`: limits the answer to this config repository. */
  all(repositoryId?: number): Promise<readonly (JudgedPullRequest & NewestCheck)[]>;
}

/** One version of a chart as a pull request's check found it in its chart repository. */
export interface JudgedChart extends ChartKey {
  readonly version: string;
  /** `sha256:…` of the archive; absent when the repository does not say, and for a version that is not there. */
  readonly digest?: string;
  /** Digest of the manifest, in an OCI registry. */
  readonly manifestDigest?: string;
  readonly isThere: boolean;
}

export interface JudgedPullRequestChart extends JudgedChart, JudgedPullRequest {
  /** Whether a listing of the repository agreed with it. */
  readonly isConfirmed: boolean;
}

/** The chart versions that the checks of open pull requests rely on; a change of one triggers a new judgement. */
export interface JudgedCharts {
  /** Replaces the record of this pull request, unless it is the same; empty for a closed one. */
  put(pullRequest: JudgedPullRequest, charts: readonly JudgedChart[]): Promise<void>;
  /** Forgets every pull request of the repository but these. */
  keepOnly(repositoryId: number, numbers: readonly number[]): Promise<void>;
  /** All that rely on one chart repository, by pull request and chart. */
  of(chartRepository: string): Promise<readonly JudgedPullRequestChart[]>;
  /** A listing agreed with these; a record that was replaced meanwhile stays unconfirmed. */
  confirm(judged: readonly JudgedPullRequestChart[]): Promise<void>;
  /** A listing disagreed with these: they become unconfirmed. */
  doubt(judged: readonly JudgedPullRequestChart[]): Promise<void>;
}
