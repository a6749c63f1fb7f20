// The factories of every kind of node.

import { appJson } from "../../shapes/check.ts";
import { nodeId } from "../../shapes/node-id.ts";
import type { Graph, NodeMakers } from "../graph.ts";
import { ActorNode } from "./actor.ts";
import { CheckRunNode, CheckSuiteNode, rollupNode } from "./check.ts";
import { CommitNode } from "./commit.ts";
import { DeploymentNode, DeploymentStatusNode } from "./deployment.ts";
import { BlobNode, TreeNode } from "./git-objects.ts";
import { CommentNode, IssueNode, LabelNode, ReactionNode } from "./issue.ts";
import { PullRequestNode } from "./pull-request.ts";
import { RefNode } from "./ref.ts";
import { RepositoryNode } from "./repository.ts";
import { ReviewNode } from "./review.ts";

const OBJECTS = { commit: CommitNode, tree: TreeNode, blob: BlobNode };

export function makeNodes(graph: () => Graph): NodeMakers {
  return {
    repository: (repository) => new RepositoryNode(graph(), repository),
    ref: (repository, name) => (repository.refs.has(name) ? new RefNode(graph(), repository, name) : null),
    object(repository, oid) {
      const found = repository.objects.get(oid);
      return found === undefined ? null : new OBJECTS[found.type](graph(), repository, oid);
    },
    pullRequest: (repository, number) =>
      repository.pull(number) === undefined ? null : new PullRequestNode(graph(), repository, number),
    issue: (repository, number) =>
      repository.threads.get(number)?.kind === "issue" ? new IssueNode(graph(), repository, number) : null,
    label(repository, id) {
      const label = repository.labels.get(id);
      return label === undefined ? null : new LabelNode(graph(), repository, label);
    },
    comment: (repository, id) =>
      repository.comments.has(id) ? new CommentNode(graph(), repository, id) : null,
    review(repository, id) {
      const review = repository.reviews.get(id);
      return review === undefined ? null : new ReviewNode(graph(), repository, review);
    },
    deployment: (repository, id) =>
      repository.deployments.has(id) ? new DeploymentNode(graph(), repository, id) : null,
    deploymentStatus: (repository, deploymentId, status) =>
      new DeploymentStatusNode(graph(), { repository, deploymentId }, status),
    checkRun: (repository, id) =>
      repository.checkRuns.has(id) ? new CheckRunNode(graph(), repository, id) : null,
    checkSuite(repository, id) {
      const suite = repository.checkSuites.get(id);
      return suite === undefined ? null : new CheckSuiteNode(graph(), repository, suite);
    },
    rollup: (repository, oid) => rollupNode(graph(), repository, oid),
    reaction: (repository, reaction) => new ReactionNode(graph(), repository, reaction),
    actor: (account) => new ActorNode(graph(), account),
    app: () => appNode(graph()),
  };
}

function appNode({ world }: Graph): object {
  const { id, slug, name } = world.app;
  return { ...appJson(world), __typename: "App", id: nodeId("App", [id]), databaseId: id, slug, name };
}
