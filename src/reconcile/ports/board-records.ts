// What the dashboard reads of the database, each in one query whatever there is.

import type { Deployment } from "../../domain/model/deployment.ts";
import type { HistoryEvent } from "../../domain/model/history.ts";
import type { ChartKey } from "./store.ts";

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

export interface BoardRecords {
  openPromotions(): Promise<readonly ProposedVersion[]>;
  /** The newest deployment of each environment that has one. */
  newestDeployments(): Promise<readonly Deployment[]>;
  /** The verified publish of each chart that was announced last. */
  newestPublishes(): Promise<readonly (ChartKey & { readonly version: string })[]>;
  /** What happened in a config repository, newest first. */
  recent(repositoryId: number, limit: number): Promise<readonly HistoryEvent[]>;
}
