// The record of drift. Every write is durable when its promise resolves.

import type { EnvironmentKey } from "../../../domain/model/config/config.ts";
import type { DriftReport, DriftWatch, Keep, RepeatRequest } from "../../../domain/model/drift.ts";

export interface DriftRecords {
  /** The newest report of each deployer, by its name, with a version number that changes with each write. */
  reports(
    key: EnvironmentKey,
  ): Promise<readonly { readonly version: number; readonly report: DriftReport }[]>;
  /** Compare-and-swap: replaces the report of this version (0: none yet); false when it has changed since. */
  replaceReport(key: EnvironmentKey, known: number, next: DriftReport): Promise<boolean>;
  watch(key: EnvironmentKey): Promise<DriftWatch | undefined>;
  /** Leaves `keep` as it is. */
  setWatch(key: EnvironmentKey, watch: DriftWatch): Promise<void>;
  /** For a watched environment. */
  keep(key: EnvironmentKey, keep: Keep): Promise<void>;
  /** Environments that are watched, by repository and name. */
  watches(): Promise<readonly (EnvironmentKey & { readonly watch: DriftWatch })[]>;
  /** The environment is not watched any more: deletes its reports as well. */
  forget(key: EnvironmentKey): Promise<void>;
  /** Records a request to repeat a deployment, once for each intent. */
  keepRequest(key: EnvironmentKey, request: RepeatRequest): Promise<void>;
  /** Open requests, oldest first. */
  requests(key: EnvironmentKey): Promise<readonly RepeatRequest[]>;
  answered(key: EnvironmentKey, intent: string): Promise<void>;
  /** Environments with open requests, to be enqueued at start-up. */
  waiting(): Promise<readonly EnvironmentKey[]>;
}
