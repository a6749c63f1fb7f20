// The common part of issues and pull requests.

import { associationOf } from "../../shapes/association.ts";
import { htmlUrl } from "../../shapes/repository.ts";
import { reactionsTo } from "../../world/comments.ts";
import type { Account, Issue, PullRequest } from "../../world/records.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { type Connection, connection, type PageArgs } from "../connection.ts";
import type { Graph } from "../graph.ts";

interface CommentOrder {
  readonly field: "UPDATED_AT";
  readonly direction: "ASC" | "DESC";
}

export class ThreadNode<T extends Issue | PullRequest> {
  readonly number: number;
  readonly databaseId: number;
  protected readonly graph: Graph;
  protected readonly source: Repository;
  readonly #find: () => T;

  /** `find` reads the record each time, so that a node made before a change shows the change. */
  constructor(graph: Graph, source: Repository, find: () => T) {
    this.graph = graph;
    this.source = source;
    this.#find = find;
    this.number = find().number;
    this.databaseId = find().id;
  }

  protected get record(): T {
    return this.#find();
  }

  get title(): string {
    return this.record.title;
  }

  get body(): string {
    return this.record.body;
  }

  get createdAt(): Date {
    return this.record.createdAt;
  }

  get updatedAt(): Date {
    return this.record.updatedAt;
  }

  get closedAt(): Date | null {
    return this.record.closedAt ?? null;
  }

  get closed(): boolean {
    return this.record.state === "closed";
  }

  get locked(): boolean {
    return this.record.locked === true;
  }

  get authorAssociation(): string {
    return associationOf(this.source, this.record.author);
  }

  get resourcePath(): string {
    const kind = this.record.kind === "issue" ? "issues" : "pull";
    return `/${this.source.fullName}/${kind}/${this.number}`;
  }

  get url(): string {
    return htmlUrl(this.graph.world, this.source, this.resourcePath.slice(this.source.fullName.length + 1));
  }

  author(): object {
    return this.graph.make.actor(this.record.author);
  }

  repository(): object {
    return this.graph.make.repository(this.source);
  }

  labels(args: PageArgs): Connection<object> {
    return connection(
      this.record.labels.flatMap((id) => this.graph.make.label(this.source, id) ?? []),
      args,
    );
  }

  assignees(args: PageArgs): Connection<object> {
    return connection(this.actors(this.record.assignees), args);
  }

  comments({ orderBy, ...args }: PageArgs & { readonly orderBy?: CommentOrder | null }): Connection<object> {
    const own = [...this.source.comments.values()].filter(({ number }) => number === this.number);
    if (orderBy != null) own.sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());
    if (orderBy?.direction === "DESC") own.reverse();
    return connection(
      own.flatMap(({ id }) => this.graph.make.comment(this.source, id) ?? []),
      args,
    );
  }

  reactions(args: PageArgs): Connection<object> {
    const given = reactionsTo(this.source, { kind: "issue", key: this.number });
    return connection(
      given.map((reaction) => this.graph.make.reaction(this.source, reaction)),
      args,
    );
  }

  protected actors(accounts: readonly Account[]): object[] {
    return accounts.map((account) => this.graph.make.actor(account));
  }
}
