// What the program needs of the database. Two adapters: embedded SQLite and PostgreSQL. Every write is durable when its
// promise resolves. Nothing here is the only copy of what GitHub knows.

import type { DashboardIssues } from "../dashboard-issues.ts";
import type { TracedCalls } from "../traced-calls.ts";
import type { BoardRecords } from "./board-records.ts";
import type { Checks, JudgedCharts } from "./checks.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Deployments } from "./deployments.ts";
import type { DriftRecords } from "./drift-records.ts";
import type { Glances } from "./glances.ts";
import type { EventHistory } from "./history.ts";
import type { Permissions } from "./permission-records.ts";
import type { Polls } from "./polls.ts";
import type { Promotions, Publishes } from "./publishes.ts";
import type { Queue } from "./queue.ts";
import type { Repositories } from "./repositories.ts";
import type { Retention } from "./retention.ts";
import type { SessionRecords } from "./session-records.ts";

export interface Store {
  readonly publishes: Publishes;
  readonly promotions: Promotions;
  readonly repositories: Repositories;
  readonly deliveries: Deliveries;
  readonly deployments: Deployments;
  readonly drift: DriftRecords;
  readonly history: EventHistory;
  readonly board: BoardRecords;
  readonly checks: Checks;
  readonly glances: Glances;
  readonly polls: Polls;
  readonly judgedCharts: JudgedCharts;
  readonly permissions: Permissions;
  readonly dashboardIssues: DashboardIssues;
  readonly tracedCalls: TracedCalls;
  readonly retention: Retention;
  readonly sessions: SessionRecords;
  readonly queue: Queue;
  /** Resolves when the database answers; rejects otherwise. For /readyz. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
