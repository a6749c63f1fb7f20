// Pull requests over REST.

import { mergeBase } from "../git/history.ts";
import { changesBetween } from "../git/trees.ts";
import { changedFileJson, commitJson } from "../shapes/commit.ts";
import { pullRequestJson } from "../shapes/pull-request.ts";
import { reviewJson } from "../shapes/review.ts";
import { commitsOf } from "../world/associations.ts";
import { mergePullRequest } from "../world/pull-requests/merge.ts";
import { MOST_LISTED } from "../world/pull-requests/most-files.ts";
import { editPullRequest, requestReviewers } from "../world/pull-requests/pull-request-edits.ts";
import {
  closePullRequest,
  openPullRequest,
  reopenPullRequest,
} from "../world/pull-requests/pull-requests.ts";
import type { PullRequest } from "../world/records.ts";
import { notFound, Refusal } from "../world/refusal.ts";
import type { Repository } from "../world/repositories/repository.ts";
import {
  invalidField,
  numberParam,
  page,
  type RepositoryRequest,
  repositoryRoutes,
  requiredText,
  text,
  texts,
} from "./route.ts";

const READ = [["pull_requests", "read"]] as const;
const WRITE = [["pull_requests", "write"]] as const;
const MERGE = [["contents", "write"]] as const;

export const pullRoutes = repositoryRoutes([
  { method: "GET", path: "/pulls", needs: READ, handle: listPulls },
  { method: "POST", path: "/pulls", needs: WRITE, handle: openPull },
  { method: "GET", path: "/pulls/:number", needs: READ, handle: getPull },
  { method: "PATCH", path: "/pulls/:number", needs: WRITE, handle: editPull },
  { method: "GET", path: "/pulls/:number/files", needs: READ, handle: listFiles },
  { method: "GET", path: "/pulls/:number/commits", needs: READ, handle: listCommits },
  { method: "GET", path: "/pulls/:number/reviews", needs: READ, handle: listReviews },
  { method: "POST", path: "/pulls/:number/requested_reviewers", needs: WRITE, handle: postReviewers },
  { method: "PUT", path: "/pulls/:number/merge", needs: MERGE, handle: merge },
]);

function pullOf(request: RepositoryRequest): PullRequest {
  const pull = request.repository.pull(numberParam(request, "number"));
  if (pull === undefined) throw notFound();
  return pull;
}

function shown({ world, repository }: RepositoryRequest, number: number): object {
  return pullRequestJson(world, repository, repository.mustPull(number));
}

function listPulls(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const state = call.query.get("state") ?? "open";
  const [head, base] = [call.query.get("head"), call.query.get("base")];
  const found = repository
    .pulls()
    .filter(
      (pull) =>
        (state === "all" || pull.state === state) &&
        (base === null || pull.base.branch === base) &&
        (head === null ||
          `${world.repositories.get(pull.head.repositoryId)?.owner.login}:${pull.head.branch}` === head),
    );
  const key = call.query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sorted = found.toSorted((a, b) => a[key].getTime() - b[key].getTime() || a.number - b.number);
  if ((call.query.get("direction") ?? "desc") === "desc") sorted.reverse();
  return page(
    request,
    sorted.map((pull) => pullRequestJson(world, repository, pull)),
  );
}

function openPull(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const { number } = openPullRequest(world, repository, {
    title: requiredText(call.body, "title"),
    body: text(call.body, "body") ?? "",
    base: requiredText(call.body, "base"),
    head: requiredText(call.body, "head"),
    draft: call.body["draft"] === true,
    maintainerCanModify: call.body["maintainer_can_modify"] === true,
    actor: world.app.bot,
  });
  return { status: 201, body: shown(request, number) };
}

function getPull(request: RepositoryRequest) {
  return { status: 200, body: shown(request, pullOf(request).number) };
}

function editPull(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const act = { number: pullOf(request).number, actor: world.app.bot };
  const state = text(call.body, "state");
  const [title, body, base] = [text(call.body, "title"), text(call.body, "body"), text(call.body, "base")];
  editPullRequest(world, repository, { ...act, title, body, base });
  if (state === "closed") closePullRequest(world, repository, act);
  else if (state === "open") reopenPullRequest(world, repository, act);
  else if (state !== undefined) throw invalidField("state");
  return { status: 200, body: shown(request, act.number) };
}

function listFiles(request: RepositoryRequest) {
  const { repository } = request;
  const changes = changesOf(repository, pullOf(request)).slice(0, MOST_LISTED);
  return page(
    request,
    changes.map((change) => changedFileJson(repository, change)),
  );
}

function changesOf({ objects }: Repository, pull: PullRequest) {
  const fork = mergeBase(objects, pull.base.oid, pull.head.oid) ?? pull.base.oid;
  return changesBetween(objects, objects.mustCommit(fork).tree, objects.mustCommit(pull.head.oid).tree);
}

function listCommits(request: RepositoryRequest) {
  const { world, repository } = request;
  return page(
    request,
    commitsOf(repository, pullOf(request)).map((sha) => commitJson(world, repository, sha)),
  );
}

function listReviews(request: RepositoryRequest) {
  const { world, repository } = request;
  const { number } = pullOf(request);
  const reviews = [...repository.reviews.values()].filter((review) => review.number === number);
  return page(
    request,
    reviews.map((review) => reviewJson(world, repository, review)),
  );
}

function postReviewers(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const { number } = pullOf(request);
  const logins = texts(call.body, "reviewers") ?? [];
  const reviewers = logins.map((login) => {
    const account = world.accounts.get(login.toLowerCase());
    if (account === undefined || repository.permissions.get(login.toLowerCase()) === undefined)
      throw invalidReviewer();
    return account;
  });
  const teams = texts(call.body, "team_reviewers") ?? [];
  if (!teams.every((slug) => repository.teams.includes(slug))) throw invalidReviewer();
  requestReviewers(world, repository, { number, actor: world.app.bot, reviewers, teams, replace: false });
  return { status: 201, body: shown(request, number) };
}

function invalidReviewer() {
  return new Refusal(
    "UNPROCESSABLE",
    "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.",
  );
}

/** The App must never call this: a test looks for it in the request log. */
function merge(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const method = text(call.body, "merge_method") ?? "merge";
  if (method !== "merge" && method !== "squash" && method !== "rebase") throw invalidField("merge_method");
  const sha = mergePullRequest(world, repository, {
    number: pullOf(request).number,
    method,
    actor: world.app.bot,
  });
  return { status: 200, body: { sha, merged: true, message: "Pull Request successfully merged" } };
}
