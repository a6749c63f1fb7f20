// Check runs, their suites, and a commit's status rollup.

import { nodeId } from "../../shapes/node-id.ts";
import { htmlUrl } from "../../shapes/repository.ts";
import type { CheckRun, CheckSuite } from "../../world/records.ts";
import { mustCheckRun } from "../../world/repositories/checks.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { type Connection, connection, type PageArgs } from "../connection.ts";
import type { Graph } from "../graph.ts";
import { RecordNode } from "./record-node.ts";

export class CheckRunNode extends RecordNode<CheckRun> {
  readonly __typename = "CheckRun";

  protected get record(): CheckRun {
    return mustCheckRun(this.source, this.databaseId);
  }

  get name(): string {
    return this.record.name;
  }

  get status(): string {
    return this.record.status.toUpperCase();
  }

  get conclusion(): string | null {
    return this.record.conclusion?.toUpperCase() ?? null;
  }

  get externalId(): string {
    return this.record.externalId;
  }

  get detailsUrl(): string | null {
    return this.record.detailsUrl === "" ? null : this.record.detailsUrl;
  }

  get startedAt(): Date | null {
    return this.record.startedAt;
  }

  get completedAt(): Date | null {
    return this.record.completedAt;
  }

  get title(): string | null {
    return this.record.output.title;
  }

  get summary(): string | null {
    return this.record.output.summary;
  }

  get text(): string | null {
    return this.record.output.text;
  }

  get url(): string {
    return htmlUrl(this.graph.world, this.source, `/runs/${this.databaseId}`);
  }

  annotations(args: PageArgs): Connection<object> {
    const nodes = this.record.annotations.map((annotation) => ({
      path: annotation.path,
      message: annotation.message,
      title: annotation.title ?? null,
      rawDetails: annotation.raw_details ?? null,
      annotationLevel: annotation.annotation_level.toUpperCase(),
      location: {
        start: { line: annotation.start_line, column: null },
        end: { line: annotation.end_line, column: null },
      },
    }));
    return connection(nodes, args);
  }

  checkSuite(): object | null {
    return this.graph.make.checkSuite(this.source, this.record.suiteId);
  }
}

interface RunFilter {
  readonly checkName?: string | null;
  readonly appId?: number | null;
  readonly checkType?: "ALL" | "LATEST" | null;
}

export class CheckSuiteNode {
  readonly __typename = "CheckSuite";
  readonly id: string;
  readonly databaseId: number;
  readonly createdAt: Date;
  readonly #graph: Graph;
  readonly #repository: Repository;
  readonly #suite: CheckSuite;

  constructor(graph: Graph, repository: Repository, suite: CheckSuite) {
    this.#graph = graph;
    this.#repository = repository;
    this.#suite = suite;
    this.id = nodeId("CheckSuite", [repository.id, suite.id]);
    this.databaseId = suite.id;
    this.createdAt = suite.createdAt;
  }

  app(): object {
    return this.#graph.make.app();
  }

  commit(): object | null {
    return this.#graph.make.object(this.#repository, this.#suite.headOid);
  }

  get status(): string {
    return this.#runs.every(({ status }) => status === "completed") ? "COMPLETED" : "IN_PROGRESS";
  }

  checkRuns({ filterBy, ...args }: PageArgs & { readonly filterBy?: RunFilter | null }): Connection<object> {
    const wanted = this.#runs.filter(
      ({ name }) => filterBy?.checkName == null || name === filterBy.checkName,
    );
    const runs = filterBy?.checkType === "ALL" ? wanted : newestOfEach(wanted);
    return connection(
      runs.flatMap(({ id }) => this.#graph.make.checkRun(this.#repository, id) ?? []),
      args,
    );
  }

  get #runs(): readonly CheckRun[] {
    return [...this.#repository.checkRuns.values()].filter(({ suiteId }) => suiteId === this.#suite.id);
  }
}

function newestOfEach(runs: readonly CheckRun[]): readonly CheckRun[] {
  return runs.filter((run) => !runs.some((other) => other.name === run.name && other.id > run.id));
}

const FAILED = new Set(["failure", "timed_out", "cancelled", "action_required", "stale"]);

/** `null` when nothing has reported. */
export function rollupNode(graph: Graph, repository: Repository, oid: string): object | null {
  const runs = newestOfEach([...repository.checkRuns.values()].filter(({ headOid }) => headOid === oid));
  if (runs.length === 0) return null;
  const failed = runs.some(({ conclusion }) => conclusion !== null && FAILED.has(conclusion));
  const pending = runs.some(({ status }) => status !== "completed");
  return {
    __typename: "StatusCheckRollup",
    id: nodeId("StatusCheckRollup", [repository.id, oid]),
    state: failed ? "FAILURE" : pending ? "PENDING" : "SUCCESS",
    commit: () => graph.make.object(repository, oid),
    contexts: (args: PageArgs) =>
      connection(
        runs.flatMap(({ id }) => graph.make.checkRun(repository, id) ?? []),
        args,
      ),
  };
}
