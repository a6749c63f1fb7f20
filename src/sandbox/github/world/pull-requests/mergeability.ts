// Whether a pull request can be merged, and its test merge.

import { mergeBase } from "../../git/history.ts";
import { type Merged, mergeTrees } from "../../git/merge-trees.ts";
import type { CheckRun, PullRequest } from "../records.ts";
import type { Repository } from "../repositories/repository.ts";
import { rulesFor } from "../repositories/rules.ts";
import { reviewDecision } from "./review-decision.ts";

/** The tree of merging the head into the present base. */
export function trialMerge(repository: Repository, pull: PullRequest): Merged {
  const base = repository.branch(pull.base.branch) ?? pull.base.oid;
  return mergeCommits(repository, base, pull.head.oid);
}

export function mergeCommits(repository: Repository, base: string, head: string): Merged {
  const { objects } = repository;
  const fork = mergeBase(objects, base, head);
  const from = fork === undefined ? objects.addTree([]) : objects.mustCommit(fork).tree;
  return mergeTrees(objects, {
    base: from,
    ours: objects.mustCommit(base).tree,
    theirs: objects.mustCommit(head).tree,
  });
}

/** Why a pull request cannot be merged; empty when it can. */
export function obstacles(repository: Repository, pull: PullRequest): readonly string[] {
  const found: string[] = [];
  if (pull.draft) found.push("Pull Request is still a draft");
  if (trialMerge(repository, pull).kind === "conflict") found.push("Pull Request is not mergeable");
  const decision = reviewDecision(repository, pull);
  if (decision !== null && decision !== "APPROVED")
    found.push("At least 1 approving review is required by reviewers with write access.");
  for (const name of requiredChecks(repository, pull.base.branch))
    if (!hasSucceeded(repository, name, pull.head.oid))
      found.push(`Required status check "${name}" is expected.`);
  return found;
}

export function requiredChecks(repository: Repository, branch: string): readonly string[] {
  return [...new Set(rulesFor(repository, branch).flatMap((rule) => rule.requiredChecks))];
}

export function hasSucceeded(repository: Repository, name: string, oid: string): boolean {
  const run = latestRun(repository, name, oid);
  return run?.conclusion === "success" || run?.conclusion === "neutral" || run?.conclusion === "skipped";
}

function latestRun(repository: Repository, name: string, oid: string): CheckRun | undefined {
  return [...repository.checkRuns.values()].findLast((run) => run.name === name && run.headOid === oid);
}
