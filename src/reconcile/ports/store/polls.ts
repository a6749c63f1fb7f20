// The record of chart repository polls.

import type { Problem } from "../../../domain/model/problem.ts";

/** The unit of polling: a chart repository, or one chart of an OCI registry. */
export interface PollKey {
  /** Name in server.yaml. */
  readonly repository: string;
  readonly chart?: string;
}

/** What was seen by the last poll of a chart repository; the first poll only fills it. */
export interface Polls {
  /** Whether its first poll was made. */
  isPolled(key: PollKey): Promise<boolean>;
  /** Chart -> versions seen by any poll, of these charts or of all. Call it with at most some hundred charts. */
  seen(repository: string, charts?: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /**
   * Adds versions; never removes one that vanished from the repository. All of them are stored before the first poll
   * counts as made.
   */
  add(key: PollKey, versions: ReadonlyMap<string, readonly string[]>): Promise<void>;
  /** The validator (ETag) of the last good listing. */
  validator(key: PollKey): Promise<string | undefined>;
  setValidator(key: PollKey, etag: string): Promise<void>;
  /** Records a failed poll; `at` is kept from the first of several failures in a row. */
  fail(key: PollKey, problem: Problem, at: Date): Promise<void>;
  /** Records a successful poll. True when the one before had failed. */
  recover(key: PollKey): Promise<boolean>;
  /** Only these charts of the repository are polled from now on: failures of all others are deleted. */
  keepFailing(repository: string, charts: readonly string[]): Promise<void>;
  /** By name of the chart repository, then of the chart. */
  failing(): Promise<readonly FailingPoll[]>;
}

/** A chart repository, or one chart of an OCI registry, whose last poll failed. */
export interface FailingPoll extends PollKey {
  readonly problem: Problem;
  /** When polls began to fail. */
  readonly since: Date;
}
