// Repositories.

import { itemAt } from "../../git/trees.ts";
import { roleOf } from "../../http/access.ts";
import { nodeId } from "../../shapes/node-id.ts";
import { htmlUrl } from "../../shapes/repository.ts";
import { notFound } from "../../world/refusal.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { rulesFor } from "../../world/repositories/rules.ts";
import { type Connection, connection, type PageArgs } from "../connection.ts";
import type { Graph } from "../graph.ts";
import { hasLabel, type Order, oldestFirst, ordered, type PullFilter, selectPulls } from "../select.ts";

interface IssueFilter {
  readonly states?: readonly ("OPEN" | "CLOSED")[] | null;
  readonly labels?: readonly string[] | null;
  readonly orderBy?: Order | null;
}

export class RepositoryNode {
  readonly __typename = "Repository";
  readonly id: string;
  readonly databaseId: number;
  readonly isDisabled = false;
  readonly isLocked = false;
  readonly isMirror = false;
  readonly viewerDefaultMergeMethod = "MERGE";
  readonly #graph: Graph;
  readonly #repository: Repository;

  constructor(graph: Graph, repository: Repository) {
    this.#graph = graph;
    this.#repository = repository;
    this.id = nodeId("Repository", [repository.id]);
    this.databaseId = repository.id;
  }

  /** GitHub reports an installation's permission as that of a person with the same rights. */
  get viewerPermission(): string | null {
    const { viewer } = this.#graph;
    if (viewer.kind !== "person") return "WRITE";
    const role = roleOf(this.#repository, viewer.login);
    return role === "none" ? null : role.toUpperCase();
  }

  get name(): string {
    return this.#repository.name;
  }

  get nameWithOwner(): string {
    return this.#repository.fullName;
  }

  get url(): string {
    return htmlUrl(this.#graph.world, this.#repository);
  }

  get resourcePath(): string {
    return `/${this.#repository.fullName}`;
  }

  get isArchived(): boolean {
    return this.#repository.archived;
  }

  get isPrivate(): boolean {
    return this.#repository.private;
  }

  get isFork(): boolean {
    return this.#repository.parent !== undefined;
  }

  get isEmpty(): boolean {
    return this.#repository.refs.size === 0;
  }

  get createdAt(): Date {
    return this.#repository.createdAt;
  }

  get updatedAt(): Date {
    return this.#repository.updatedAt;
  }

  get pushedAt(): Date {
    return this.#repository.pushedAt;
  }

  get autoMergeAllowed(): boolean {
    return this.#repository.settings.allowAutoMerge;
  }

  get mergeCommitAllowed(): boolean {
    return this.#repository.settings.allowMerge;
  }

  get squashMergeAllowed(): boolean {
    return this.#repository.settings.allowSquash;
  }

  get rebaseMergeAllowed(): boolean {
    return this.#repository.settings.allowRebase;
  }

  get deleteBranchOnMerge(): boolean {
    return this.#repository.settings.deleteBranchOnMerge;
  }

  owner(): object {
    return this.#graph.make.actor(this.#repository.owner);
  }

  parent(): object | null {
    const { parent } = this.#repository;
    return parent === undefined ? null : this.#graph.make.repository(parent);
  }

  defaultBranchRef(): object | null {
    return this.#graph.make.ref(this.#repository, `refs/heads/${this.#repository.defaultBranch}`);
  }

  /** Accepts a branch without `refs/heads/` too. */
  ref({ qualifiedName }: { readonly qualifiedName: string }): object | null {
    const { refs } = this.#repository;
    const name = [qualifiedName, `refs/heads/${qualifiedName}`, `refs/${qualifiedName}`].find((one) =>
      refs.has(one),
    );
    return name === undefined ? null : this.#graph.make.ref(this.#repository, name);
  }

  refs({
    refPrefix,
    query,
    ...args
  }: PageArgs & { readonly refPrefix: string; readonly query?: string | null }): Connection<object> {
    const prefix = refPrefix.endsWith("/") ? refPrefix : `${refPrefix}/`;
    const names = [...this.#repository.refs.keys()].filter(
      (name) => name.startsWith(prefix) && (query == null || name.slice(prefix.length).includes(query)),
    );
    return connection(
      names.sort().flatMap((name) => this.#graph.make.ref(this.#repository, name) ?? []),
      args,
    );
  }

  /** By id, or by an expression such as `main`, `main:path` or `<oid>:path`. */
  object({
    oid,
    expression,
  }: {
    readonly oid?: string | null;
    readonly expression?: string | null;
  }): object | null {
    const repository = this.#repository;
    if (oid != null) return this.#graph.make.object(repository, oid);
    const colon = expression?.indexOf(":") ?? -1;
    const revision = colon === -1 ? (expression ?? "HEAD") : (expression?.slice(0, colon) ?? "");
    const commit = repository.resolve(revision === "HEAD" ? repository.defaultBranch : revision);
    if (commit === undefined) return null;
    if (colon === -1) return this.#graph.make.object(repository, commit);
    const { tree } = repository.objects.mustCommit(commit);
    const item = itemAt(repository.objects, tree, expression?.slice(colon + 1) ?? "");
    return item === undefined ? null : this.#graph.make.object(repository, item.oid);
  }

  label({ name }: { readonly name: string }): object | null {
    const label = this.#repository.label(name);
    return label === undefined ? null : this.#graph.make.label(this.#repository, label.id);
  }

  labels({ query, ...args }: PageArgs & { readonly query?: string | null }): Connection<object> {
    const found = [...this.#repository.labels.values()].filter(
      ({ name }) => query == null || name.includes(query),
    );
    return connection(
      found.flatMap(({ id }) => this.#graph.make.label(this.#repository, id) ?? []),
      args,
    );
  }

  pullRequest({ number }: { readonly number: number }): object | null {
    this.#repository.mustPull(number);
    return this.#graph.make.pullRequest(this.#repository, number);
  }

  pullRequests(args: PageArgs & PullFilter): Connection<object> {
    const repository = this.#repository;
    const found = selectPulls(repository.pulls().toSorted(oldestFirst), args, repository);
    return connection(
      found.flatMap(({ number }) => this.#graph.make.pullRequest(repository, number) ?? []),
      args,
    );
  }

  issue({ number }: { readonly number: number }): object | null {
    const issue = this.#graph.make.issue(this.#repository, number);
    if (issue === null) throw notFound(`Could not resolve to an Issue with the number of ${number}.`);
    return issue;
  }

  issueOrPullRequest({ number }: { readonly number: number }): object | null {
    return this.#graph.make.pullRequest(this.#repository, number) ?? this.issue({ number });
  }

  issues({ states, labels, orderBy, ...args }: PageArgs & IssueFilter): Connection<object> {
    const repository = this.#repository;
    const found = repository
      .issues()
      .filter((issue) => states?.includes(issue.state === "open" ? "OPEN" : "CLOSED") ?? true)
      .filter((issue) => hasLabel(repository, issue, labels));
    const nodes = ordered(found, orderBy, repository).flatMap(
      ({ number }) => this.#graph.make.issue(repository, number) ?? [],
    );
    return connection(nodes, args);
  }

  deployments({
    environments,
    orderBy,
    ...args
  }: PageArgs & {
    readonly environments?: readonly string[] | null;
    readonly orderBy?: Order | null;
  }): Connection<object> {
    const found = [...this.#repository.deployments.values()].filter(
      ({ environment }) => environments?.includes(environment) ?? true,
    );
    if (orderBy?.direction === "DESC") found.reverse();
    return connection(
      found.flatMap(({ id }) => this.#graph.make.deployment(this.#repository, id) ?? []),
      args,
    );
  }

  mergeQueue({ branch }: { readonly branch?: string | null }): object | null {
    const name = branch ?? this.#repository.defaultBranch;
    if (!rulesFor(this.#repository, name).some(({ mergeQueue }) => mergeQueue)) return null;
    const queued = this.#repository.pulls().filter((pull) => pull.queued && pull.base.branch === name);
    const entries = queued.map(({ number }, index) => ({
      __typename: "MergeQueueEntry",
      id: nodeId("MergeQueueEntry", [this.#repository.id, number]),
      position: index + 1,
      pullRequest: () => this.#graph.make.pullRequest(this.#repository, number),
    }));
    return {
      __typename: "MergeQueue",
      id: nodeId("MergeQueue", [this.#repository.id, name]),
      configuration: { mergeMethod: "MERGE", mergingStrategy: "ALLGREEN" },
      entries: (args: PageArgs) => connection(entries, args),
      url: htmlUrl(this.#graph.world, this.#repository, `/queue/${name}`),
    };
  }
}
