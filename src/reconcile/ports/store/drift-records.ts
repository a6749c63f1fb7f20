// What drift asks of the database. Every write is durable when its promise resolves.

import type { EnvironmentKey } from "../../../domain/model/config/config.ts";
import type { DriftReport, DriftWatch, Keep, RepeatRequest } from "../../../domain/model/drift.ts";

export interface DriftRecords {
  /** The newest report of each deployer, by its name, with a number that is another after each change. */
  reports(
    key: EnvironmentKey,
  ): Promise<readonly { readonly version: number; readonly report: DriftReport }[]>;
  /** Puts a deployer's next report in the place of the known version (0: of none), unless it has changed since: then false. */
  replaceReport(key: EnvironmentKey, known: number, next: DriftReport): Promise<boolean>;
  watch(key: EnvironmentKey): Promise<DriftWatch | undefined>;
  /** `keep` stays as it is. */
  setWatch(key: EnvironmentKey, watch: DriftWatch): Promise<void>;
  /** Of an environment that is watched. */
  keep(key: EnvironmentKey, keep: Keep): Promise<void>;
  /** Environments that are watched, by repository and name. */
  watches(): Promise<readonly (EnvironmentKey & { readonly watch: DriftWatch })[]>;
  /** Nobody watches it any more: its reports go too. */
  forget(key: EnvironmentKey): Promise<void>;
  /** Keeps a wish, once for each intent. */
  ask(key: EnvironmentKey, request: RepeatRequest): Promise<void>;
  /** Wishes that were not answered, oldest first. */
  requests(key: EnvironmentKey): Promise<readonly RepeatRequest[]>;
  answered(key: EnvironmentKey, intent: string): Promise<void>;
  /** Environments with wishes: what start-up marks again. */
  waiting(): Promise<readonly EnvironmentKey[]>;
}
