// What the dashboard reads of the database, each in one query whatever there is.

import type { Deployment } from "../../../domain/model/deployment.ts";
import type { HistoryEvent } from "../../../domain/model/history.ts";
import type { ChartKey, HeldRecord } from "../../../domain/model/publish.ts";

/** A version that is not proposed. */
export type UnproposedRecord = Omit<HeldRecord, "state"> & {
  readonly state: HeldRecord["state"] | "declined";
};

export interface ProposedVersion {
  readonly publishId: string;
  readonly repositoryId: number;
  readonly environment: string;
  readonly chart: string;
  readonly version: string;
  readonly pullRequest: number;
  /** When the version was proposed; absent for what is older than the memory. */
  readonly since?: Date;
}

/** `repositoryId`: of this config repository alone. */
export interface BoardRecords {
  openPromotions(repositoryId?: number): Promise<readonly ProposedVersion[]>;
  /** The newest deployment of each environment that has one. */
  newestDeployments(repositoryId?: number): Promise<readonly Deployment[]>;
  /** What waits, is refused or was declined in a config repository, newest announced first. */
  unproposed(repositoryId: number, limit: number): Promise<readonly UnproposedRecord[]>;
  /** The verified publish of each chart that was announced last. */
  newestPublishes(): Promise<readonly (ChartKey & { readonly version: string })[]>;
  /** What happened in a config repository, newest first. */
  recent(repositoryId: number, limit: number): Promise<readonly HistoryEvent[]>;
}
