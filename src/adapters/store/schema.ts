// The tables, the same on both engines: instants are milliseconds since 1970, structures are JSON text, booleans are 0
// or 1.

import type { ColumnType } from "kysely";
import type { DeployerCall, DeploymentState } from "../../domain/model/deployment.ts";
import type { NeededPermission } from "../../domain/model/github/repository.ts";
import type { HistoryKind } from "../../domain/model/history.ts";
import type { PromotionState, PublishState } from "../../domain/model/publish.ts";

export interface PublishRow {
  readonly id: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly digest: string | null;
  readonly chart_values: string;
  readonly source: string;
  readonly publisher: string;
  readonly at: number;
  readonly state: PublishState;
  readonly problem: string | null;
  readonly missing_since: number | null;
  /** Time of the last look-up, while it waits to be verified. */
  readonly looked_at: number | null;
  readonly app_version: string | null;
  /** JSON of a ChartChange. */
  readonly changed_since: string | null;
  /** As `bytesOf` computes it. */
  readonly bytes: number;
}

export interface PromotionRow {
  readonly publish_id: string;
  readonly repository_id: number;
  readonly environment: string;
  readonly chart: string;
  readonly state: PromotionState;
  readonly because: string;
  readonly help: string | null;
  readonly pull_request_number: number | null;
  readonly pull_request_url: string | null;
}

export interface RepositoryRow {
  readonly id: number;
  readonly installation_id: number;
  readonly owner: string;
  readonly name: string;
  readonly default_branch: string;
  readonly archived: number;
  /** Time of the last put: of two repositories with the same name, the later put has it now. */
  readonly put_at: number;
  readonly repository_index: string | null;
}

interface DependentRow {
  readonly repository_id: number;
  readonly chart: string;
  readonly chart_repository: string;
}

export interface DeliveryRow {
  readonly id: string;
  readonly repository_id: number;
  readonly event: string;
  readonly received_at: number;
  readonly done_at: number | null;
}

export interface DeploymentRow {
  readonly repository_id: number;
  readonly environment: string;
  readonly path: string | null;
  readonly sha: string;
  /** Of a repeat; empty for the deployment that the merge created. */
  readonly intent: string;
  /** JSON of a Repeat. */
  readonly repeats: string | null;
  readonly pull_request: number;
  readonly promotions: string;
  readonly state: DeploymentState;
  readonly github_id: number | null;
  readonly deployers: string;
  readonly held_until: number | null;
  readonly emergency: number;
  readonly overtaken: "contained" | "replaced" | null;
  readonly created_at: number;
  readonly changed_at: number;
  readonly description: string | null;
  readonly log: string | null;
}

export interface CallRow {
  readonly deployment_id: number;
  readonly deployer: string;
  readonly state: DeployerCall["state"];
  readonly url: string | null;
  readonly called_at: number | null;
  readonly first_called_at: number | null;
  readonly next_build: number | null;
  readonly job: string | null;
  readonly missing_since: number | null;
  readonly ended_at: number | null;
  readonly problem: string | null;
  readonly log: string | null;
  readonly description: string | null;
}

/** A work item. `next_*`: it was enqueued again while it was being worked on. */
interface MarkRow {
  readonly key: string;
  readonly due: number;
  readonly priority: number;
  readonly next_due: number | null;
  readonly next_priority: number | null;
  /** Owner for taking turns; empty for the server's own upkeep. */
  readonly owner: ColumnType<string, string | undefined>;
  /** On PostgreSQL: the claiming process, and the end of its lease. */
  readonly claim: ColumnType<string | null, string | null | undefined>;
  readonly claimed_until: ColumnType<number | null, number | null | undefined>;
}

/** Failures of a key since its last success; `since` is null once it is dead. */
interface FailureRow {
  readonly key: string;
  readonly tries: number;
  readonly since: number | null;
}

interface DeadRow {
  readonly key: string;
  readonly error: string;
  readonly at: number;
  readonly tries: number;
}

interface PollRow {
  readonly repository: string;
  /** Empty when the whole repository is polled; otherwise the chart that this row is about. */
  readonly chart: string;
  /** 1 once a first poll has filled `seen`. */
  readonly polled: number;
  readonly validator: string | null;
  /** Problem of the last poll, as JSON. */
  readonly problem: string | null;
  readonly failing_since: number | null;
}

export interface JudgedChartRow {
  readonly repository_id: number;
  readonly number: number;
  readonly chart_repository: string;
  readonly chart: string;
  readonly version: string;
  readonly digest: string | null;
  readonly manifest_digest: string | null;
  readonly is_there: number;
  /** 1 once a listing of the chart repository agreed with it. */
  readonly confirmed: number;
}

interface EnvironmentColumns {
  readonly repository_id: number;
  readonly environment: string;
}

/** JSON of a DriftReport; `version` counts its writes. */
interface DriftReportRow extends EnvironmentColumns {
  readonly deployer: string;
  readonly version: number;
  readonly report: string;
}

/** JSON of a DriftWatch without `keep`, and of `keep`: different workers write them. */
export interface DriftWatchRow extends EnvironmentColumns {
  readonly watch: string;
  readonly keep: string | null;
}

export interface RepeatRequestRow extends EnvironmentColumns {
  readonly intent: string;
  readonly task: "heal" | "redeploy";
  readonly asked_by: string;
  readonly at: number;
}

export interface HistoryRow {
  readonly id: string;
  readonly kind: HistoryKind;
  readonly at: number;
  readonly repository_id: number | null;
  readonly environment: string | null;
  readonly publish_id: string | null;
  readonly facts: string;
  /** 1 once its recipients have been decided. */
  readonly handed_on: number;
}

interface CheckRow {
  readonly repository_id: number;
  readonly number: number;
  readonly conclusion: "success" | "failure" | "neutral" | "pending";
  readonly title: string;
  readonly is_held: number;
}

/** The id under which a publisher last announced a publish, and when. */
export interface WebhookRow {
  readonly publisher: string;
  readonly webhook_id: string;
  readonly publish_id: string;
  readonly at: number;
}

/** Number of an environment's heals whose deployments were deleted. */
interface ForgottenHealsRow extends EnvironmentColumns {
  readonly count: number;
}

/**
 * JSON of TickOutcomes. `tells`, `number`, `written_at` and `seen_edits` are written by one worker, the other columns
 * by another.
 */
export interface DashboardIssueRow {
  readonly repository_id: number;
  readonly number: number | null;
  readonly tells: string;
  readonly written_at: number;
  readonly seen_edits: number;
  readonly edits: number;
  readonly round: number;
  readonly outcomes: string;
}

interface GlanceRow {
  readonly repository_id: number;
  readonly digest: string;
  readonly seen_at: number;
  readonly looked_at: number | null;
}

export interface Schema {
  readonly glances: GlanceRow;
  readonly dashboard_issues: DashboardIssueRow;
  readonly traced_calls: { readonly publish_id: string; readonly traceparent: string };
  readonly checks: CheckRow;
  readonly sessions: { readonly key: string; readonly sealed: string; readonly ends_at: number };
  readonly history: HistoryRow;
  readonly notices: { readonly recipient: string; readonly event_id: string };
  readonly drift_reports: DriftReportRow;
  readonly drift_watches: DriftWatchRow;
  readonly repeat_requests: RepeatRequestRow;
  readonly publishes: PublishRow;
  readonly webhooks: WebhookRow;
  readonly forgotten_heals: ForgottenHealsRow;
  readonly routes: {
    readonly publish_id: string;
    readonly repository_id: number;
    readonly revision: ColumnType<number, number | undefined>;
  };
  readonly promotions: PromotionRow;
  readonly repositories: RepositoryRow;
  readonly dependents: DependentRow;
  readonly lacking_permissions: { readonly repository_id: number; readonly permission: NeededPermission };
  readonly former_names: { readonly repository_id: number; readonly name_with_owner: string };
  readonly deliveries: DeliveryRow;
  readonly deployments: DeploymentRow;
  readonly calls: CallRow;
  readonly poll_states: PollRow;
  readonly judged_charts: JudgedChartRow;
  readonly seen: { readonly repository: string; readonly chart: string; readonly version: string };
  readonly marks: MarkRow;
  readonly failures: FailureRow;
  readonly dead: DeadRow;
}
