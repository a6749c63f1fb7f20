// Deployments and their statuses.

import { nodeId } from "../../shapes/node-id.ts";
import { mustDeployment } from "../../world/deployments.ts";
import type { Account, Deployment, DeploymentStatus } from "../../world/records.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { type Connection, connection, type PageArgs } from "../connection.ts";
import type { Graph } from "../graph.ts";
import { RecordNode } from "./record-node.ts";

export class DeploymentNode extends RecordNode<Deployment> {
  readonly __typename = "Deployment";

  protected get record(): Deployment {
    return mustDeployment(this.source, this.databaseId);
  }

  get commitOid(): string {
    return this.record.oid;
  }

  commit(): object | null {
    return this.graph.make.object(this.source, this.record.oid);
  }

  ref(): object | null {
    return this.graph.make.ref(this.source, `refs/heads/${this.record.ref}`);
  }

  get environment(): string {
    return this.record.environment;
  }

  get originalEnvironment(): string {
    return this.record.environment;
  }

  get latestEnvironment(): string {
    return this.record.statuses.at(-1)?.environment ?? this.environment;
  }

  get task(): string {
    return this.record.task;
  }

  get description(): string {
    return this.record.description;
  }

  /** JSON text, even when REST received an object. */
  get payload(): string {
    return JSON.stringify(this.record.payload);
  }

  /** GitHub calls a successful deployment ACTIVE, and one without a status PENDING. */
  get state(): string {
    const state = this.record.statuses.at(-1)?.state ?? "pending";
    return state === "success" ? "ACTIVE" : state.toUpperCase();
  }

  get createdAt(): Date {
    return this.record.createdAt;
  }

  get updatedAt(): Date {
    return this.record.updatedAt;
  }

  creator(): object {
    return this.graph.make.actor(this.record.creator);
  }

  latestStatus(): object | null {
    const status = this.record.statuses.at(-1);
    return status === undefined
      ? null
      : this.graph.make.deploymentStatus(this.source, this.databaseId, status);
  }

  /** The newest first. */
  statuses(args: PageArgs): Connection<object> {
    return connection(
      this.record.statuses
        .toReversed()
        .map((status) => this.graph.make.deploymentStatus(this.source, this.databaseId, status)),
      args,
    );
  }
}

export class DeploymentStatusNode {
  readonly __typename = "DeploymentStatus";
  readonly id: string;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string | null;
  readonly logUrl: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly #graph: Graph;
  readonly #of: { readonly repository: Repository; readonly deploymentId: number };
  readonly #creator: Account;

  constructor(
    graph: Graph,
    of: { readonly repository: Repository; readonly deploymentId: number },
    status: DeploymentStatus,
  ) {
    this.#graph = graph;
    this.#of = of;
    this.#creator = status.creator;
    this.id = nodeId("DeploymentStatus", [of.repository.id, of.deploymentId, status.id]);
    this.state = status.state.toUpperCase();
    this.description = status.description;
    this.environment = status.environment;
    this.environmentUrl = status.environmentUrl === "" ? null : status.environmentUrl;
    this.logUrl = status.logUrl === "" ? null : status.logUrl;
    this.createdAt = status.createdAt;
    this.updatedAt = status.createdAt;
  }

  creator(): object {
    return this.#graph.make.actor(this.#creator);
  }

  deployment(): object | null {
    return this.#graph.make.deployment(this.#of.repository, this.#of.deploymentId);
  }
}
