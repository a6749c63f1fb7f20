// Mutations of issues, comments, labels and reactions.

import type {
  AddCommentInput,
  AddLabelsToLabelableInput,
  AddReactionInput,
  CloseIssueInput,
  CreateIssueInput,
  CreateLabelInput,
  DeleteIssueCommentInput,
  RemoveLabelsFromLabelableInput,
  ReopenIssueInput,
  UpdateIssueCommentInput,
  UpdateIssueInput,
} from "@octokit/graphql-schema";
import { addComment, deleteComment, editComment, mustComment, react } from "../../world/comments.ts";
import { editIssue, openIssue } from "../../world/issues.ts";
import { createLabel, setLabels } from "../../world/labels.ts";
import { REACTIONS } from "../../world/records.ts";
import { forbidden, unprocessable } from "../../world/refusal.ts";
import { findNumbered, findRepository } from "../find-node.ts";
import type { Graph } from "../graph.ts";
import { REACTION_CONTENT } from "../nodes/issue.ts";
import type { Input } from "./mutation.ts";
import { labelIdsOf } from "./pull-requests.ts";

const ISSUES = ["issues", "write"] as const;
const PULLS = ["pull_requests", "write"] as const;

export const issueMutations = {
  createIssue({ input }: Input<CreateIssueInput>, graph: Graph) {
    const repository = graph.write(findRepository(graph.world, input.repositoryId), ISSUES);
    const { number } = openIssue(graph.world, repository, {
      title: input.title,
      body: input.body ?? "",
      actor: graph.world.app.bot,
      labels: labelIdsOf(graph, input.labelIds ?? []),
    });
    return { issue: graph.make.issue(repository, number) };
  },

  updateIssue({ input }: Input<UpdateIssueInput>, graph: Graph) {
    const { repository, act } = thread(graph, input.id);
    const state = input.state === "CLOSED" ? "closed" : input.state === "OPEN" ? "open" : undefined;
    const { title, body, labelIds } = input;
    editIssue(graph.world, repository, { ...act, title: title ?? undefined, body: body ?? undefined, state });
    if (labelIds != null) setLabels(graph.world, repository, { ...act, labels: labelIdsOf(graph, labelIds) });
    return { issue: graph.make.issue(repository, act.number), actor: graph.make.actor(act.actor) };
  },

  closeIssue({ input }: Input<CloseIssueInput>, graph: Graph) {
    const { repository, act } = thread(graph, input.issueId);
    editIssue(graph.world, repository, { ...act, state: "closed" });
    return { issue: graph.make.issue(repository, act.number) };
  },

  reopenIssue({ input }: Input<ReopenIssueInput>, graph: Graph) {
    const { repository, act } = thread(graph, input.issueId);
    editIssue(graph.world, repository, { ...act, state: "open" });
    return { issue: graph.make.issue(repository, act.number) };
  },

  addComment({ input }: Input<AddCommentInput>, graph: Graph) {
    const { repository, act } = thread(graph, input.subjectId);
    const { id } = addComment(graph.world, repository, { ...act, body: input.body });
    const node = graph.make.comment(repository, id);
    return { commentEdge: { node, cursor: "" }, subject: threadNode(graph, input.subjectId) };
  },

  updateIssueComment({ input }: Input<UpdateIssueCommentInput>, graph: Graph) {
    const { repository, id } = comment(graph, input.id);
    editComment(graph.world, repository, { id, body: input.body, actor: graph.world.app.bot });
    return { issueComment: graph.make.comment(repository, id) };
  },

  deleteIssueComment({ input }: Input<DeleteIssueCommentInput>, graph: Graph) {
    const { repository, id } = comment(graph, input.id);
    deleteComment(graph.world, repository, { id, actor: graph.world.app.bot });
    return {};
  },

  createLabel({ input }: Input<CreateLabelInput>, graph: Graph) {
    const repository = graph.write(findRepository(graph.world, input.repositoryId), ISSUES);
    const { name, color, description } = input;
    const label = createLabel(graph.world, repository, { name, color, description: description ?? "" });
    return { label: graph.make.label(repository, label.id) };
  },

  addLabelsToLabelable({ input }: Input<AddLabelsToLabelableInput>, graph: Graph) {
    const { repository, act } = thread(graph, input.labelableId);
    const there = repository.mustThread(act.number).labels;
    setLabels(graph.world, repository, { ...act, labels: [...there, ...labelIdsOf(graph, input.labelIds)] });
    return { labelable: threadNode(graph, input.labelableId) };
  },

  removeLabelsFromLabelable({ input }: Input<RemoveLabelsFromLabelableInput>, graph: Graph) {
    const { repository, act } = thread(graph, input.labelableId);
    const gone = labelIdsOf(graph, input.labelIds);
    const labels = repository.mustThread(act.number).labels.filter((id) => !gone.includes(id));
    setLabels(graph.world, repository, { ...act, labels });
    return { labelable: threadNode(graph, input.labelableId) };
  },

  addReaction({ input }: Input<AddReactionInput>, graph: Graph) {
    const found = findNumbered(graph.world, input.subjectId, "IssueComment", "Issue", "PullRequest");
    const isPull = found.type === "PullRequest" || (found.type === "IssueComment" && isOnPull(found));
    const repository = graph.write(found.repository, isPull ? PULLS : ISSUES);
    const content = REACTIONS.find((one) => REACTION_CONTENT[one] === input.content);
    if (content === undefined) throw unprocessable("Content is not a reaction");
    const kind = found.type === "IssueComment" ? "comment" : "issue";
    const { reaction } = react(graph.world, repository, {
      subject: { kind, key: found.key },
      content,
      author: graph.world.app.bot,
    });
    return {
      reaction: graph.make.reaction(repository, reaction),
      subject: threadNode(graph, input.subjectId),
    };
  },
};

/** An issue or a pull request to write to; they need different permissions. */
function thread(graph: Graph, id: string) {
  const found = findNumbered(graph.world, id, "Issue", "PullRequest");
  const repository = graph.write(found.repository, found.type === "Issue" ? ISSUES : PULLS);
  return { repository, act: { number: found.key, actor: graph.world.app.bot } };
}

function threadNode(graph: Graph, id: string): object | null {
  const { type, repository, key } = findNumbered(graph.world, id, "Issue", "PullRequest", "IssueComment");
  if (type === "IssueComment") return graph.make.comment(repository, key);
  return type === "Issue" ? graph.make.issue(repository, key) : graph.make.pullRequest(repository, key);
}

function comment(graph: Graph, id: string) {
  const found = findNumbered(graph.world, id, "IssueComment");
  const repository = graph.write(found.repository, isOnPull(found) ? PULLS : ISSUES);
  const { author } = mustComment(repository, found.key);
  if (author.id !== graph.world.app.bot.id) throw forbidden();
  return { repository, id: found.key };
}

function isOnPull({
  repository,
  key,
}: {
  repository: Parameters<typeof mustComment>[0];
  key: number;
}): boolean {
  return repository.pull(mustComment(repository, key).number) !== undefined;
}
