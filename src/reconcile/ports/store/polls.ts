// What polls of chart repositories saw.

import type { Problem } from "../../../domain/model/problem.ts";

/** What is polled by itself: a chart repository, or one chart of a registry. */
export interface PollKey {
  /** Name in server.yaml. */
  readonly repository: string;
  readonly chart?: string;
}

/** What a poll of a chart repository saw last; the first poll only fills it. */
export interface Polls {
  /** Whether a first poll of it was made. */
  isPolled(key: PollKey): Promise<boolean>;
  /** Chart -> versions that any poll saw, of these charts or of all. At most some hundred charts. */
  seen(repository: string, charts?: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** Adds; never forgets a version that vanished. What it adds is complete before the first poll counts as made. */
  add(key: PollKey, versions: ReadonlyMap<string, readonly string[]>): Promise<void>;
  /** The validator (ETag) of the last good listing. */
  validator(key: PollKey): Promise<string | undefined>;
  setValidator(key: PollKey, etag: string): Promise<void>;
  /** A poll failed; `at` counts for the first of several in a row. */
  fail(key: PollKey, problem: Problem, at: Date): Promise<void>;
  /** A poll went well. Says whether the one before had failed. */
  recover(key: PollKey): Promise<boolean>;
  /** Of a repository, nothing is polled any more but the charts named here: what failed of the others is forgotten. */
  keepFailing(repository: string, charts: readonly string[]): Promise<void>;
  /** By name of the chart repository, then of the chart. */
  failing(): Promise<readonly FailingPoll[]>;
}

/** A chart repository, or one chart of a registry, of which the last poll failed. */
export interface FailingPoll extends PollKey {
  readonly problem: Problem;
  /** When polls began to fail. */
  readonly since: Date;
}
