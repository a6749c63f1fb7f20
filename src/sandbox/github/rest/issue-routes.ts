// Issues, comments, labels, reactions and collaborators over REST.

import { roleOf } from "../http/access.ts";
import { accountJson } from "../shapes/account.ts";
import { issueJson } from "../shapes/issue.ts";
import { repositoryJson } from "../shapes/repository.ts";
import { editIssue, openIssue } from "../world/issues.ts";
import { ensureLabel, setLabels } from "../world/labels.ts";
import { editPullRequest } from "../world/pull-requests/pull-request-edits.ts";
import { closePullRequest, reopenPullRequest } from "../world/pull-requests/pull-requests.ts";
import { notFound } from "../world/refusal.ts";
import {
  getComment,
  listComments,
  patchComment,
  postComment,
  reactionsOf,
  reactTo,
  removeComment,
} from "./comments.ts";
import {
  getLabel,
  labels,
  listEventsOf,
  listLabels,
  listLabelsOf,
  postLabel,
  removeLabel,
} from "./labels.ts";
import {
  invalidField,
  page,
  type RepositoryRequest,
  repositoryRoutes,
  requiredText,
  text,
  texts,
} from "./route.ts";
import { threadOf } from "./threads.ts";

const READ = [["issues", "read"]] as const;
const WRITE = [["issues", "write"]] as const;
const METADATA = [["metadata", "read"]] as const;

/** Permissions that differ between issues and pull requests are checked in the handler. */
const EITHER = [] as const;

export const issueRoutes = repositoryRoutes([
  {
    method: "GET",
    path: "",
    needs: METADATA,
    handle: ({ world, repository }) => ({ status: 200, body: repositoryJson(world, repository) }),
  },
  { method: "GET", path: "/issues", needs: READ, handle: listIssues },
  { method: "POST", path: "/issues", needs: WRITE, handle: postIssue },
  { method: "GET", path: "/issues/comments/:id", needs: EITHER, handle: getComment },
  { method: "PATCH", path: "/issues/comments/:id", needs: EITHER, handle: patchComment },
  { method: "DELETE", path: "/issues/comments/:id", needs: EITHER, handle: removeComment },
  { method: "GET", path: "/issues/comments/:id/reactions", needs: EITHER, handle: reactionsOf("comment") },
  { method: "POST", path: "/issues/comments/:id/reactions", needs: EITHER, handle: reactTo("comment") },
  { method: "GET", path: "/issues/:id", needs: EITHER, handle: getIssue },
  { method: "PATCH", path: "/issues/:id", needs: EITHER, handle: patchIssue },
  { method: "GET", path: "/issues/:id/comments", needs: EITHER, handle: listComments },
  { method: "POST", path: "/issues/:id/comments", needs: EITHER, handle: postComment },
  { method: "GET", path: "/issues/:id/reactions", needs: EITHER, handle: reactionsOf("issue") },
  { method: "POST", path: "/issues/:id/reactions", needs: EITHER, handle: reactTo("issue") },
  { method: "GET", path: "/issues/:id/events", needs: EITHER, handle: listEventsOf },
  { method: "GET", path: "/issues/:id/labels", needs: EITHER, handle: listLabelsOf },
  { method: "POST", path: "/issues/:id/labels", needs: EITHER, handle: labels("add") },
  { method: "PUT", path: "/issues/:id/labels", needs: EITHER, handle: labels("set") },
  { method: "DELETE", path: "/issues/:id/labels/:name", needs: EITHER, handle: removeLabel },
  { method: "GET", path: "/labels", needs: METADATA, handle: listLabels },
  { method: "POST", path: "/labels", needs: WRITE, handle: postLabel },
  { method: "GET", path: "/labels/:name", needs: METADATA, handle: getLabel },
  { method: "GET", path: "/collaborators/:login/permission", needs: METADATA, handle: permissionOf },
]);

function listIssues(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const state = call.query.get("state") ?? "open";
  const names = call.query.get("labels")?.split(",") ?? [];
  const creator = call.query.get("creator");
  const found = [...repository.threads.values()].filter(
    (thread) =>
      (state === "all" || thread.state === state) &&
      (creator === null || thread.author.login === creator) &&
      names.every((name) => thread.labels.includes(repository.label(name)?.id ?? -1)),
  );
  return page(
    request,
    found.reverse().map((thread) => issueJson(world, repository, thread)),
  );
}

function postIssue(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const names = texts(call.body, "labels") ?? [];
  const issue = openIssue(world, repository, {
    title: requiredText(call.body, "title"),
    body: text(call.body, "body") ?? "",
    actor: world.app.bot,
    labels: names.map((name) => ensureLabel(world, repository, { name }).id),
  });
  return { status: 201, body: issueJson(world, repository, issue) };
}

function getIssue(request: RepositoryRequest) {
  return { status: 200, body: issueJson(request.world, request.repository, threadOf(request, "read")) };
}

/** This route also edits pull requests. */
function patchIssue(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const { number, kind } = threadOf(request, "write");
  const state = text(call.body, "state");
  if (state !== undefined && state !== "open" && state !== "closed") throw invalidField("state");
  const edit = {
    number,
    actor: world.app.bot,
    title: text(call.body, "title"),
    body: text(call.body, "body"),
  };
  if (kind === "issue") editIssue(world, repository, { ...edit, state });
  else {
    editPullRequest(world, repository, edit);
    if (state === "closed") closePullRequest(world, repository, edit);
    if (state === "open") reopenPullRequest(world, repository, edit);
  }
  const names = texts(call.body, "labels");
  if (names !== undefined) {
    const labels = names.map((name) => ensureLabel(world, repository, { name }).id);
    setLabels(world, repository, { number, actor: world.app.bot, labels });
  }
  return { status: 200, body: issueJson(world, repository, repository.mustThread(number)) };
}

/** REST reports maintain as write and triage as read; `role_name` distinguishes them. */
function permissionOf({ world, repository, params }: RepositoryRequest) {
  const login = params["login"] ?? "";
  const account = world.accounts.get(login.toLowerCase());
  if (account === undefined) throw notFound();
  const role = roleOf(repository, login);
  const permission = role === "maintain" ? "write" : role === "triage" ? "read" : role;
  return { status: 200, body: { permission, role_name: role, user: accountJson(world, account) } };
}
