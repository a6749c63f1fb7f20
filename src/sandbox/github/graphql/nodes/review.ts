// Reviews of pull requests.

import { associationOf } from "../../shapes/association.ts";
import { nodeId } from "../../shapes/node-id.ts";
import type { Review } from "../../world/records.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import type { Graph } from "../graph.ts";

export class ReviewNode {
  readonly __typename = "PullRequestReview";
  readonly id: string;
  readonly databaseId: number;
  readonly state: string;
  readonly body: string;
  readonly submittedAt: Date;
  readonly authorAssociation: string;
  readonly #graph: Graph;
  readonly #repository: Repository;
  readonly #review: Review;

  constructor(graph: Graph, repository: Repository, review: Review) {
    this.#graph = graph;
    this.#repository = repository;
    this.#review = review;
    this.id = nodeId("PullRequestReview", [repository.id, review.id]);
    this.databaseId = review.id;
    this.state = review.state;
    this.body = review.body;
    this.submittedAt = review.submittedAt;
    this.authorAssociation = associationOf(repository, review.author);
  }

  author(): object {
    return this.#graph.make.actor(this.#review.author);
  }

  commit(): object | null {
    return this.#graph.make.object(this.#repository, this.#review.commitOid);
  }

  pullRequest(): object | null {
    return this.#graph.make.pullRequest(this.#repository, this.#review.number);
  }
}
