// A node for a numbered record of a repository.

import { nodeId } from "../../shapes/node-id.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import type { Graph } from "../graph.ts";

export abstract class RecordNode<T> {
  abstract readonly __typename: "CheckRun" | "Deployment" | "IssueComment";
  readonly databaseId: number;
  protected readonly graph: Graph;
  protected readonly source: Repository;

  constructor(graph: Graph, source: Repository, id: number) {
    this.graph = graph;
    this.source = source;
    this.databaseId = id;
  }

  /** Read each time, so that a node made before a change shows the change. */
  protected abstract get record(): T;

  get id(): string {
    return nodeId(this.__typename, [this.source.id, this.databaseId]);
  }

  repository(): object {
    return this.graph.make.repository(this.source);
  }
}
