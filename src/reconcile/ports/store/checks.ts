// What the check of each open pull request said last, for those who look without asking GitHub.

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
  /** `undefined` for one that is open no more. */
  put(pullRequest: JudgedPullRequest, check: NewestCheck | undefined): Promise<void>;
  of(pullRequest: JudgedPullRequest): Promise<NewestCheck | undefined>;
  /** `repositoryId`: of this config repository alone. */
  all(repositoryId?: number): Promise<readonly (JudgedPullRequest & NewestCheck)[]>;
}

/** One version of a chart as a pull request's check found it in its chart repository. */
export interface JudgedChart extends ChartKey {
  readonly version: string;
  /** `sha256:…` of the archive; absent where the repository does not say, and for a version that is not there. */
  readonly digest?: string;
  /** Of the manifest, in a registry. */
  readonly manifestDigest?: string;
  readonly isThere: boolean;
}

export interface JudgedPullRequestChart extends JudgedChart, JudgedPullRequest {
  /** Whether a listing of the repository agreed with it. */
  readonly isConfirmed: boolean;
}

/** Which chart versions the checks of open pull requests rest on: what they are judged anew for when one of those changes. */
export interface JudgedCharts {
  /** In the place of what was kept of this pull request, unless that is the same; none for one that is open no more. */
  put(pullRequest: JudgedPullRequest, charts: readonly JudgedChart[]): Promise<void>;
  /** Forgets every pull request of the repository but these. */
  keepOnly(repositoryId: number, numbers: readonly number[]): Promise<void>;
  /** Of one chart repository, by pull request and chart. */
  of(chartRepository: string): Promise<readonly JudgedPullRequestChart[]>;
  /** A listing agreed with these; what was put down anew meanwhile stays unconfirmed. */
  confirm(judged: readonly JudgedPullRequestChart[]): Promise<void>;
  /** A listing did not agree with these: they are unconfirmed again. */
  doubt(judged: readonly JudgedPullRequestChart[]): Promise<void>;
}
