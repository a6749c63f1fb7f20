// What the dashboard reads from the database, each in one query however much there is.

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
  /** When the version was proposed; absent for versions older than this record. */
  readonly since?: Date;
}

/** `repositoryId`: limits the answer to this config repository. */
export interface BoardRecords {
  openPromotions(repositoryId?: number): Promise<readonly ProposedVersion[]>;
  /** The newest deployment of each environment that has one. */
  newestDeployments(repositoryId?: number): Promise<readonly Deployment[]>;
  /** Versions of a config repository that wait, are refused or were declined, newest announced first. */
  unproposed(repositoryId: number, limit: number): Promise<readonly UnproposedRecord[]>;
  /** For each chart, its verified publish that was announced last. */
  newestPublishes(): Promise<readonly (ChartKey & { readonly version: string })[]>;
  /** History events of a config repository, newest first. */
  recent(repositoryId: number, limit: number): Promise<readonly HistoryEvent[]>;
}
