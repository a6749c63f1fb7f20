// Commits.

import { history } from "../../git/history.ts";
import type { CommitData, Signature } from "../../git/object-store.ts";
import { changesBetween, itemAt } from "../../git/trees.ts";
import { nodeId } from "../../shapes/node-id.ts";
import { htmlUrl } from "../../shapes/repository.ts";
import { pullRequestsOf } from "../../world/associations.ts";
import { githubSignature, loginOf } from "../../world/identities.ts";
import { type Connection, connection, type PageArgs } from "../connection.ts";
import type { Graph } from "../graph.ts";
import { entryAt, GitObjectNode, TreeNode } from "./git-objects.ts";

export class CommitNode extends GitObjectNode {
  readonly __typename = "Commit";

  get id(): string {
    return nodeId("Commit", [this.source.id, this.oid]);
  }

  get data(): CommitData {
    return this.source.objects.mustCommit(this.oid);
  }

  get message(): string {
    return this.data.message;
  }

  get messageHeadline(): string {
    return this.message.split("\n", 1)[0] ?? "";
  }

  get messageBody(): string {
    return this.message.split("\n").slice(1).join("\n").trim();
  }

  get authoredDate(): Date {
    return this.data.author.date;
  }

  get committedDate(): Date {
    return this.data.committer.date;
  }

  get committedViaWeb(): boolean {
    return isByGitHub(this.data.signature);
  }

  get url(): string {
    return htmlUrl(this.graph.world, this.source, `/commit/${this.oid}`);
  }

  get resourcePath(): string {
    return this.commitResourcePath;
  }

  author(): object {
    return gitActor(this.graph, this.data.author);
  }

  committer(): object {
    return gitActor(this.graph, this.data.committer);
  }

  tree(): object {
    return new TreeNode(this.graph, this.source, this.data.tree);
  }

  file({ path }: { readonly path: string }): object | null {
    return entryAt(this.graph, this.source, { tree: this.data.tree, path });
  }

  parents(args: PageArgs): Connection<object> {
    return connection(this.#commits(this.data.parents), args);
  }

  history({ path, ...args }: PageArgs & { readonly path?: string | null }): Connection<object> {
    const all = history(this.source.objects, this.oid);
    const oids = path == null ? all : all.filter((oid) => this.#touches(oid, path));
    return connection(this.#commits(oids), args);
  }

  /** GitHub's own commits are signed by GitHub. */
  signature(): object | null {
    const { signature, committer } = this.data;
    if (signature === undefined) return null;
    return {
      __typename: "GpgSignature",
      isValid: true,
      state: "VALID",
      wasSignedByGitHub: isByGitHub(signature),
      email: committer.email,
      signature,
      verifiedAt: committer.date,
    };
  }

  associatedPullRequests(args: PageArgs): Connection<object> {
    const pulls = pullRequestsOf(this.graph.world, this.source, this.oid);
    const nodes = pulls.flatMap(({ number }) => this.graph.make.pullRequest(this.source, number) ?? []);
    return connection(nodes, args);
  }

  deployments({
    environments,
    ...args
  }: PageArgs & { readonly environments?: readonly string[] | null }): Connection<object> {
    const found = [...this.source.deployments.values()].filter(
      ({ oid, environment }) => oid === this.oid && (environments?.includes(environment) ?? true),
    );
    return connection(
      found.flatMap(({ id }) => this.graph.make.deployment(this.source, id) ?? []),
      args,
    );
  }

  statusCheckRollup(): object | null {
    return this.graph.make.rollup(this.source, this.oid);
  }

  checkSuites(args: PageArgs): Connection<object> {
    const suites = [...this.source.checkSuites.values()].filter(({ headOid }) => headOid === this.oid);
    return connection(
      suites.flatMap(({ id }) => this.graph.make.checkSuite(this.source, id) ?? []),
      args,
    );
  }

  get changedFilesIfAvailable(): number {
    const { objects } = this.source;
    const [parent] = this.data.parents;
    const before = parent === undefined ? objects.addTree([]) : objects.mustCommit(parent).tree;
    return changesBetween(objects, before, this.data.tree).length;
  }

  #commits(oids: readonly string[]): object[] {
    return oids.map((oid) => new CommitNode(this.graph, this.source, oid));
  }

  #touches(oid: string, path: string): boolean {
    const { objects } = this.source;
    const commit = objects.mustCommit(oid);
    const here = itemAt(objects, commit.tree, path)?.oid;
    const before = commit.parents.map(
      (parent) => itemAt(objects, objects.mustCommit(parent).tree, path)?.oid,
    );
    return before.length === 0 ? here !== undefined : before.every((old) => old !== here);
  }
}

function gitActor(graph: Graph, { name, email, date }: Signature): object {
  const login = loginOf(email);
  const account = login === undefined ? undefined : graph.world.accounts.get(login.toLowerCase());
  return {
    name,
    email,
    date,
    // GitHub returns null here for a bot, which is not a User.
    user: account === undefined || account.type === "Bot" ? null : graph.make.actor(account),
  };
}

/** The armour may have been wrapped again. */
function isByGitHub(signature: string | undefined): boolean {
  return signature?.trim() === githubSignature().trim();
}
