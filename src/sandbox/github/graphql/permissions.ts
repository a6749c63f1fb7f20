// The permission that each field of GitHub's schema needs. GitHub does not document it; this follows the REST
// equivalents.

import type { Need } from "../http/access.ts";

const CONTENTS: Need = ["contents", "read"];
const PULLS: Need = ["pull_requests", "read"];

const NEEDS: { readonly [field: string]: Need } = {
  "Repository.ref": CONTENTS,
  "Repository.refs": CONTENTS,
  "Repository.object": CONTENTS,
  "Repository.defaultBranchRef": CONTENTS,
  "Repository.pullRequest": PULLS,
  "Repository.pullRequests": PULLS,
  "Repository.issue": ["issues", "read"],
  "Repository.issues": ["issues", "read"],
  "Repository.deployments": ["deployments", "read"],
  "Repository.mergeQueue": ["merge_queues", "read"],
  "Ref.associatedPullRequests": PULLS,
  "Ref.target": CONTENTS,
  "Commit.associatedPullRequests": PULLS,
  "Commit.deployments": ["deployments", "read"],
  "Commit.checkSuites": ["checks", "read"],
  "Commit.statusCheckRollup": ["checks", "read"],
  "PullRequest.statusCheckRollup": ["checks", "read"],
};

export function needOf(type: string, field: string): Need | undefined {
  return NEEDS[`${type}.${field}`];
}
