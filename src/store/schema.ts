// The tables, the same on both engines: instants are milliseconds since 1970, structures are JSON texts, truths are 0 or 1.

import type { DeployerCall, DeploymentState } from "../model/deployment.ts";
import type { PromotionState, PublishState } from "../model/publish.ts";

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
  readonly app_version: string | null;
}

export interface PromotionRow {
  readonly publish_id: string;
  readonly repository_id: number;
  readonly environment: string;
  readonly chart: string;
  readonly state: PromotionState;
  readonly because: string;
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
  /** When it was last put: of two with one name, the newer put is the one that has it now. */
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
  readonly sha: string;
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
  readonly problem: string | null;
  readonly log: string | null;
  readonly description: string | null;
}

/** A mark of the embedded queue. `next_*` is a mark made while the key was being worked on. */
interface MarkRow {
  readonly key: string;
  readonly due: number;
  readonly priority: number;
  readonly next_due: number | null;
  readonly next_priority: number | null;
}

/** Failures of a key since its last success; `since` is absent after it was given up. */
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
  /** 1 once a first poll has filled `seen`. */
  readonly polled: number;
  readonly validator: string | null;
  /** Of the last poll, JSON of a Problem. */
  readonly problem: string | null;
  readonly failing_since: number | null;
}

export interface Schema {
  readonly publishes: PublishRow;
  readonly webhooks: { readonly publisher: string; readonly webhook_id: string; readonly publish_id: string };
  readonly routes: { readonly publish_id: string; readonly repository_id: number };
  readonly promotions: PromotionRow;
  readonly repositories: RepositoryRow;
  readonly dependents: DependentRow;
  readonly deliveries: DeliveryRow;
  readonly deployments: DeploymentRow;
  readonly calls: CallRow;
  readonly polls: PollRow;
  readonly seen: { readonly repository: string; readonly chart: string; readonly version: string };
  readonly marks: MarkRow;
  readonly failures: FailureRow;
  readonly dead: DeadRow;
}
