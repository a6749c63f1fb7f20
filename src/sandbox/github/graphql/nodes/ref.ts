// Refs, and their distance from another commit.

import { commitsBetween, distance } from "../../git/history.ts";
import { nodeId } from "../../shapes/node-id.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { bindingRules, rulesFor } from "../../world/repositories/rules.ts";
import { type Connection, connection, type PageArgs } from "../connection.ts";
import type { Graph } from "../graph.ts";
import { oldestFirst, type PullFilter, selectPulls } from "../select.ts";

export class RefNode {
  readonly __typename = "Ref";
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly #graph: Graph;
  readonly #repository: Repository;
  readonly #ref: string;

  constructor(graph: Graph, repository: Repository, ref: string) {
    this.#graph = graph;
    this.#repository = repository;
    this.#ref = ref;
    this.id = nodeId("Ref", [repository.id, ref]);
    this.prefix = /^refs\/[^/]+\//.exec(ref)?.[0] ?? "refs/";
    this.name = ref.slice(this.prefix.length);
  }

  target(): object | null {
    const oid = this.#oid;
    return oid === undefined ? null : this.#graph.make.object(this.#repository, oid);
  }

  repository(): object {
    return this.#graph.make.repository(this.#repository);
  }

  /** Pull requests with this very ref as their head. */
  associatedPullRequests(args: PageArgs & PullFilter): Connection<object> {
    const repository = this.#repository;
    const pulls = selectPulls(repository.pulls().toSorted(oldestFirst), args, repository).filter(
      ({ head }) => head.repositoryId === repository.id && head.branch === this.name,
    );
    return connection(
      pulls.flatMap(({ number }) => this.#graph.make.pullRequest(repository, number) ?? []),
      args,
    );
  }

  compare({ headRef }: { readonly headRef: string }): object | null {
    const head = this.#repository.resolve(headRef);
    const base = this.#oid;
    if (head === undefined || base === undefined) return null;
    const { objects } = this.#repository;
    const commits = () =>
      commitsBetween(objects, base, head).map((oid) => this.#graph.make.object(this.#repository, oid));
    return {
      __typename: "Comparison",
      id: nodeId("Comparison", [this.#repository.id, base, head]),
      ...distance(objects, base, head),
      baseTarget: () => this.#graph.make.object(this.#repository, base),
      headTarget: () => this.#graph.make.object(this.#repository, head),
      commits: (args: PageArgs) => connection(commits(), args),
    };
  }

  /** The rules for this branch; `null` when there are none. */
  refUpdateRule(): object | null {
    const rules = rulesFor(this.#repository, this.name);
    if (rules.length === 0) return null;
    const binding = bindingRules(this.#repository, this.name, this.#graph.world.app.bot);
    const approvals = Math.max(0, ...rules.map((rule) => rule.approvals));
    return {
      __typename: "RefUpdateRule",
      pattern: rules[0]?.pattern ?? this.name,
      allowsDeletions: rules.every((rule) => !rule.protected),
      allowsForcePushes: rules.every((rule) => !rule.protected),
      blocksCreations: rules.some((rule) => rule.blocksCreations),
      requiredApprovingReviewCount: approvals === 0 ? null : approvals,
      requiredStatusCheckContexts: rules.flatMap((rule) => rule.requiredChecks),
      requiresCodeOwnerReviews: false,
      requiresConversationResolution: false,
      requiresLinearHistory: false,
      requiresSignatures: false,
      viewerAllowedToDismissReviews: false,
      viewerCanPush: binding.every((rule) => !rule.protected),
    };
  }

  rules(args: PageArgs): Connection<object> {
    return connection(rulesFor(this.#repository, this.name).flatMap(ruleNodes), args);
  }

  get #oid(): string | undefined {
    return this.#repository.refs.get(this.#ref);
  }
}

function ruleNodes(rule: {
  approvals: number;
  requiredChecks: readonly string[];
  protected: boolean;
  pattern: string;
}): object[] {
  const types = [
    ...(rule.protected ? ["DELETION", "NON_FAST_FORWARD", "PULL_REQUEST"] : []),
    ...(rule.requiredChecks.length > 0 ? ["REQUIRED_STATUS_CHECKS"] : []),
  ];
  const repositoryRuleset = { name: rule.pattern, enforcement: "ACTIVE" };
  return types.map((type) => ({ __typename: "RepositoryRule", type, repositoryRuleset, parameters: null }));
}
