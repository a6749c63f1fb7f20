// Mutations of pull requests.

import type {
  ClosePullRequestInput,
  ConvertPullRequestToDraftInput,
  CreatePullRequestInput,
  DisablePullRequestAutoMergeInput,
  EnablePullRequestAutoMergeInput,
  MarkPullRequestReadyForReviewInput,
  MergePullRequestInput,
  ReopenPullRequestInput,
  RequestReviewsInput,
  UpdatePullRequestInput,
} from "@octokit/graphql-schema";
import { setLabels } from "../../world/labels.ts";
import { disableAutoMerge, enableAutoMerge } from "../../world/pull-requests/auto-merge.ts";
import { mergePullRequest } from "../../world/pull-requests/merge.ts";
import { editPullRequest, requestReviewers, setDraft } from "../../world/pull-requests/pull-request-edits.ts";
import {
  closePullRequest,
  mustBeWritable,
  openPullRequest,
  reopenPullRequest,
} from "../../world/pull-requests/pull-requests.ts";
import type { MergeMethod } from "../../world/records.ts";
import { forbidden } from "../../world/refusal.ts";
import type { Repository } from "../../world/repositories/repository.ts";
import { findAccount, findNumbered, findRepository } from "../find-node.ts";
import type { Graph } from "../graph.ts";
import type { Input } from "./mutation.ts";

const PULLS = ["pull_requests", "write"] as const;
const CONTENTS = ["contents", "write"] as const;

const METHODS: { readonly [method: string]: MergeMethod } = {
  MERGE: "merge",
  SQUASH: "squash",
  REBASE: "rebase",
};

export const pullRequestMutations = {
  createPullRequest({ input }: Input<CreatePullRequestInput>, graph: Graph) {
    const repository = graph.write(findRepository(graph.world, input.repositoryId), PULLS);
    const { number } = openPullRequest(graph.world, repository, {
      title: input.title,
      body: input.body ?? "",
      base: input.baseRefName.replace(/^refs\/heads\//, ""),
      head: input.headRefName.replace(/^refs\/heads\//, ""),
      draft: input.draft === true,
      maintainerCanModify: input.maintainerCanModify !== false,
      actor: graph.world.app.bot,
    });
    return payload(graph, repository, number);
  },

  updatePullRequest({ input }: Input<UpdatePullRequestInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId);
    const { title, body, baseRefName, labelIds, state } = input;
    editPullRequest(graph.world, repository, {
      ...act,
      title: title ?? undefined,
      body: body ?? undefined,
      base: baseRefName ?? undefined,
    });
    if (labelIds != null) setLabels(graph.world, repository, { ...act, labels: labelIdsOf(graph, labelIds) });
    if (state === "CLOSED") closePullRequest(graph.world, repository, act);
    if (state === "OPEN") reopenPullRequest(graph.world, repository, act);
    return payload(graph, repository, act.number);
  },

  closePullRequest({ input }: Input<ClosePullRequestInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId);
    closePullRequest(graph.world, repository, act);
    return payload(graph, repository, act.number);
  },

  reopenPullRequest({ input }: Input<ReopenPullRequestInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId);
    reopenPullRequest(graph.world, repository, act);
    return payload(graph, repository, act.number);
  },

  markPullRequestReadyForReview({ input }: Input<MarkPullRequestReadyForReviewInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId);
    setDraft(graph.world, repository, { ...act, draft: false });
    return payload(graph, repository, act.number);
  },

  convertPullRequestToDraft({ input }: Input<ConvertPullRequestToDraftInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId);
    setDraft(graph.world, repository, { ...act, draft: true });
    return payload(graph, repository, act.number);
  },

  requestReviews({ input }: Input<RequestReviewsInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId);
    if ((input.teamIds ?? []).length > 0) throw forbidden();
    const reviewers = (input.userIds ?? []).map((id) => findAccount(graph.world, id));
    requestReviewers(graph.world, repository, {
      ...act,
      reviewers,
      teams: [],
      replace: input.union !== true,
    });
    return payload(graph, repository, act.number);
  },

  enablePullRequestAutoMerge({ input }: Input<EnablePullRequestAutoMergeInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId, CONTENTS);
    enableAutoMerge(graph.world, repository, {
      ...act,
      method: METHODS[input.mergeMethod ?? "MERGE"] ?? "merge",
      expectedHeadOid: input.expectedHeadOid ?? undefined,
      headline: input.commitHeadline ?? undefined,
      message: input.commitBody ?? undefined,
    });
    return { ...payload(graph, repository, act.number), actor: graph.make.actor(act.actor) };
  },

  disablePullRequestAutoMerge({ input }: Input<DisablePullRequestAutoMergeInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId, CONTENTS);
    disableAutoMerge(graph.world, repository, act);
    return { ...payload(graph, repository, act.number), actor: graph.make.actor(act.actor) };
  },

  /** Modelled so that a test can detect a call. */
  mergePullRequest({ input }: Input<MergePullRequestInput>, graph: Graph) {
    const { repository, act } = writablePull(graph, input.pullRequestId, CONTENTS);
    mergePullRequest(graph.world, repository, {
      ...act,
      method: METHODS[input.mergeMethod ?? "MERGE"] ?? "merge",
    });
    return { ...payload(graph, repository, act.number), actor: graph.make.actor(act.actor) };
  },
};

function writablePull(graph: Graph, id: string, ...more: readonly (typeof CONTENTS)[]) {
  const found = findNumbered(graph.world, id, "PullRequest");
  const repository = graph.write(found.repository, PULLS, ...more);
  mustBeWritable(repository);
  return { repository, act: { number: found.key, actor: graph.world.app.bot } };
}

function payload(graph: Graph, repository: Repository, number: number) {
  return { pullRequest: graph.make.pullRequest(repository, number) };
}

export function labelIdsOf(graph: Graph, ids: readonly string[]): number[] {
  return ids.map((id) => findNumbered(graph.world, id, "Label").key);
}
