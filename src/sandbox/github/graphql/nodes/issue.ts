// Issues, comments, labels and reactions.

import { associationOf } from "../../shapes/association.ts";
import { nodeId } from "../../shapes/node-id.ts";
import { htmlUrl } from "../../shapes/repository.ts";
import { mustComment, reactionsTo } from "../../world/comments.ts";
import type { Account, Comment, Issue, Label, Reaction } from "../../world/records.ts";
import { notFound } from "../../world/refusal.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { type Connection, connection, type PageArgs } from "../connection.ts";
import type { Graph } from "../graph.ts";
import { type PullFilter, selectPulls } from "../select.ts";
import { RecordNode } from "./record-node.ts";
import { ThreadNode } from "./thread.ts";

export class IssueNode extends ThreadNode<Issue> {
  readonly __typename = "Issue";

  constructor(graph: Graph, repository: Repository, number: number) {
    super(graph, repository, () => {
      const thread = repository.mustThread(number);
      if (thread.kind !== "issue") throw notFound();
      return thread;
    });
  }

  get id(): string {
    return nodeId("Issue", [this.source.id, this.number]);
  }

  get state(): "OPEN" | "CLOSED" {
    return this.record.state === "open" ? "OPEN" : "CLOSED";
  }

  userContentEdits(args: PageArgs): Connection<object> {
    const edits = this.record.edits.map(({ at, editor }) => ({
      ...{ __typename: "UserContentEdit", createdAt: at, editedAt: at, updatedAt: at },
      editor: this.graph.make.actor(editor),
    }));
    return connection(edits, args);
  }
}

export class CommentNode extends RecordNode<Comment> {
  readonly __typename = "IssueComment";

  protected get record(): Comment {
    return mustComment(this.source, this.databaseId);
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

  get lastEditedAt(): Date | null {
    return this.record.edits[0]?.at ?? null;
  }

  /** Who edited it last. */
  editor(): object | null {
    const [last] = this.record.edits;
    return last ? this.#existing(last.editor) : null;
  }

  get authorAssociation(): string {
    return associationOf(this.source, this.record.author);
  }

  get viewerDidAuthor(): boolean {
    return this.record.author.id === this.graph.world.app.bot.id;
  }

  get url(): string {
    const kind = this.source.pull(this.record.number) === undefined ? "issues" : "pull";
    return htmlUrl(
      this.graph.world,
      this.source,
      `/${kind}/${this.record.number}#issuecomment-${this.databaseId}`,
    );
  }

  author(): object | null {
    return this.#existing(this.record.author);
  }

  /** Null for a deleted account; the App's own has no person. */
  #existing(account: Account): object | null {
    const { accounts } = this.graph.world;
    const isThere = account.type !== "User" || accounts.has(account.login.toLowerCase());
    return isThere ? this.graph.make.actor(account) : null;
  }

  issue(): object | null {
    return this.graph.make.issue(this.source, this.record.number);
  }

  pullRequest(): object | null {
    return this.graph.make.pullRequest(this.source, this.record.number);
  }

  reactions(args: PageArgs): Connection<object> {
    const given = reactionsTo(this.source, { kind: "comment", key: this.databaseId });
    return connection(
      given.map((reaction) => this.graph.make.reaction(this.source, reaction)),
      args,
    );
  }
}

export class LabelNode {
  readonly __typename = "Label";
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly description: string;
  readonly isDefault = false;
  readonly #graph: Graph;
  readonly #repository: Repository;

  constructor(graph: Graph, repository: Repository, { id, name, color, description }: Label) {
    this.#graph = graph;
    this.#repository = repository;
    this.id = nodeId("Label", [repository.id, id]);
    this.name = name;
    this.color = color;
    this.description = description;
  }

  repository(): object {
    return this.#graph.make.repository(this.#repository);
  }

  pullRequests(args: PageArgs & PullFilter): Connection<object> {
    const repository = this.#repository;
    const found = selectPulls(repository.pulls(), { ...args, labels: [this.name] }, repository);
    return connection(
      found.flatMap(({ number }) => this.#graph.make.pullRequest(repository, number) ?? []),
      args,
    );
  }
}

/** REST's names of reactions to GraphQL's. */
export const REACTION_CONTENT: { readonly [content in Reaction["content"]]: string } = {
  "+1": "THUMBS_UP",
  "-1": "THUMBS_DOWN",
  laugh: "LAUGH",
  confused: "CONFUSED",
  heart: "HEART",
  hooray: "HOORAY",
  rocket: "ROCKET",
  eyes: "EYES",
};

export class ReactionNode {
  readonly __typename = "Reaction";
  readonly id: string;
  readonly databaseId: number;
  readonly content: string;
  readonly createdAt: Date;
  readonly #graph: Graph;
  readonly #reaction: Reaction;

  constructor(graph: Graph, repository: Repository, reaction: Reaction) {
    this.#graph = graph;
    this.#reaction = reaction;
    this.id = nodeId("Reaction", [repository.id, reaction.id]);
    this.databaseId = reaction.id;
    this.content = REACTION_CONTENT[reaction.content];
    this.createdAt = reaction.createdAt;
  }

  /** Null for a bot, which is not a User. */
  user(): object | null {
    const { author } = this.#reaction;
    return author.type === "User" ? this.#graph.make.actor(author) : null;
  }
}
