// The note in a rollback's commit message that names the merge it reverts.

import type { ObservedPullRequest } from "../model/github/snapshot.ts";
import { promotedVersions, sealedMessage } from "./history.ts";
import { isRollback } from "./trailers.ts";

export function rollBackNote(number: number, words: string): string {
  return `Rolls back #${number}: ${words}.`;
}

const NOTE = /^Rolls back #(?<number>\d{1,15}): /m;
const BY_COMMAND = /^Published-By: (?<publisher>command:.+)$/m;

/** The merged pull request that a commit with this message takes back. */
export function mergeTakenBack(message: string): number | undefined {
  const number = NOTE.exec(message)?.groups?.["number"];
  return number === undefined ? undefined : Number(number);
}

export interface TakesBack {
  /** Of the merged pull request. */
  readonly number: number;
  /** Publisher of versions that nobody had announced; "" when all were announced. */
  readonly publisher: string;
}

/** Read from the App's newest sealed commit; `undefined` for a pull request that is no rollback. */
export function readRollBack(pullRequest: ObservedPullRequest): TakesBack | undefined {
  if (!isRollback(promotedVersions(pullRequest))) return undefined;
  const message = sealedMessage(pullRequest) ?? "";
  const number = mergeTakenBack(message);
  const publisher = BY_COMMAND.exec(message)?.groups?.["publisher"] ?? "";
  return number === undefined ? undefined : { number, publisher };
}
