// Issues, comments, labels, reactions and collaborators over REST.

import { demand, may } from "../http/access.ts";
import { accountJson } from "../shapes/account.ts";
import { commentJson, issueJson, reactionJson } from "../shapes/issue.ts";
import { labelJson, labelsJson } from "../shapes/label.ts";
import { repositoryJson } from "../shapes/repository.ts";
import {
  addComment,
  createLabel,
  deleteComment,
  editComment,
  editIssue,
  ensureLabel,
  mustComment,
  openIssue,
  react,
  reactionsTo,
  setLabels,
} from "../world/issues.ts";
import { type Issue, type PullRequest, REACTIONS, type Reaction } from "../world/records.ts";
import { forbidden, notFound } from "../world/refusal.ts";
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

const READ = [["issues", "read"]] as const;
const WRITE = [["issues", "write"]] as const;
const METADATA = [["metadata", "read"]] as const;

/** Needs that depend on whether the number is an issue or a pull request are checked in the handler. */
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
  { method: "PATCH", path: "/issues/:id", needs: WRITE, handle: patchIssue },
  { method: "GET", path: "/issues/:id/comments", needs: EITHER, handle: listComments },
  { method: "POST", path: "/issues/:id/comments", needs: EITHER, handle: postComment },
  { method: "GET", path: "/issues/:id/reactions", needs: EITHER, handle: reactionsOf("issue") },
  { method: "POST", path: "/issues/:id/reactions", needs: EITHER, handle: reactTo("issue") },
  { method: "GET", path: "/issues/:id/labels", needs: EITHER, handle: listLabelsOf },
  { method: "POST", path: "/issues/:id/labels", needs: EITHER, handle: labels("add") },
  { method: "PUT", path: "/issues/:id/labels", needs: EITHER, handle: labels("set") },
  { method: "DELETE", path: "/issues/:id/labels/:name", needs: EITHER, handle: removeLabel },
  { method: "GET", path: "/labels", needs: METADATA, handle: listLabels },
  { method: "POST", path: "/labels", needs: WRITE, handle: postLabel },
  { method: "GET", path: "/labels/:name", needs: METADATA, handle: getLabel },
  { method: "GET", path: "/collaborators/:login/permission", needs: METADATA, handle: permissionOf },
]);

function threadOf(
  request: RepositoryRequest,
  access: "read" | "write",
  number = numberParam(request, "id"),
): Issue | PullRequest {
  const thread = request.repository.threads.get(number);
  if (thread === undefined) throw notFound();
  const issue = may(request.viewer, ["issues", access]);
  if (!issue) demand(request.viewer, [thread.kind === "issue" ? "issues" : "pull_requests", access]);
  return thread;
}

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

function patchIssue(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const { number, kind } = threadOf(request, "write");
  const state = text(call.body, "state");
  if (state !== undefined && state !== "open" && state !== "closed") throw invalidField("state");
  if (kind !== "issue") throw invalidField("issue_number");
  const [title, body] = [text(call.body, "title"), text(call.body, "body")];
  editIssue(world, repository, { number, actor: world.app.bot, title, body, state });
  return { status: 200, body: issueJson(world, repository, repository.mustThread(number)) };
}

function commentOf(request: RepositoryRequest, access: "read" | "write") {
  const comment = mustComment(request.repository, numberParam(request, "id"));
  threadOf(request, access, comment.number);
  return comment;
}

function getComment(request: RepositoryRequest) {
  return { status: 200, body: commentJson(request.world, request.repository, commentOf(request, "read")) };
}

function ownComment(request: RepositoryRequest) {
  const comment = commentOf(request, "write");
  if (comment.author.id !== request.world.app.bot.id) throw forbidden();
  return comment;
}

function patchComment(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const { id } = ownComment(request);
  const comment = editComment(world, repository, {
    id,
    actor: world.app.bot,
    body: requiredText(call.body, "body"),
  });
  return { status: 200, body: commentJson(world, repository, comment) };
}

function removeComment(request: RepositoryRequest) {
  const { world, repository } = request;
  deleteComment(world, repository, { id: ownComment(request).id, actor: world.app.bot });
  return { status: 204 };
}

function listComments(request: RepositoryRequest) {
  const { world, repository } = request;
  const { number } = threadOf(request, "read");
  const found = [...repository.comments.values()].filter((comment) => comment.number === number);
  return page(
    request,
    found.map((comment) => commentJson(world, repository, comment)),
  );
}

function postComment(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const { number } = threadOf(request, "write");
  const comment = addComment(world, repository, {
    number,
    actor: world.app.bot,
    body: requiredText(call.body, "body"),
  });
  return { status: 201, body: commentJson(world, repository, comment) };
}

function subjectOf(
  request: RepositoryRequest,
  kind: "comment" | "issue",
  access: "read" | "write",
): Reaction["subject"] {
  if (kind === "comment") return { kind, key: commentOf(request, access).id };
  return { kind, key: threadOf(request, access).number };
}

function reactionsOf(kind: "comment" | "issue") {
  return (request: RepositoryRequest) => {
    const { world, repository } = request;
    const given = reactionsTo(repository, subjectOf(request, kind, "read"));
    return page(
      request,
      given.map((reaction) => reactionJson(world, repository, reaction)),
    );
  };
}

function reactTo(kind: "comment" | "issue") {
  return (request: RepositoryRequest) => {
    const { world, repository, call } = request;
    const content = REACTIONS.find((one) => one === call.body["content"]);
    if (content === undefined) throw invalidField("content");
    const subject = subjectOf(request, kind, "write");
    const { reaction, isNew } = react(world, repository, { subject, content, author: world.app.bot });
    return { status: isNew ? 201 : 200, body: reactionJson(world, repository, reaction) };
  };
}

function listLabelsOf(request: RepositoryRequest) {
  return page(request, labelsJson(request.world, request.repository, threadOf(request, "read").labels));
}

/** Labels that do not exist yet are made, as GitHub does here. */
function labels(how: "add" | "set") {
  return (request: RepositoryRequest) => {
    const { world, repository, call } = request;
    const thread = threadOf(request, "write");
    const given = (texts(call.body, "labels") ?? []).map(
      (name) => ensureLabel(world, repository, { name }).id,
    );
    const wanted = how === "add" ? [...thread.labels, ...given] : given;
    const after = setLabels(world, repository, {
      number: thread.number,
      actor: world.app.bot,
      labels: wanted,
    });
    return { status: 200, body: labelsJson(world, repository, after.labels) };
  };
}

function removeLabel(request: RepositoryRequest) {
  const { world, repository, params } = request;
  const thread = threadOf(request, "write");
  const label = repository.label(params["name"] ?? "");
  if (label === undefined || !thread.labels.includes(label.id)) throw notFound("Label does not exist");
  const kept = thread.labels.filter((id) => id !== label.id);
  const after = setLabels(world, repository, { number: thread.number, actor: world.app.bot, labels: kept });
  return { status: 200, body: labelsJson(world, repository, after.labels) };
}

function listLabels(request: RepositoryRequest) {
  return page(request, labelsJson(request.world, request.repository, [...request.repository.labels.keys()]));
}

function postLabel({ world, repository, call }: RepositoryRequest) {
  const label = createLabel(world, repository, {
    name: requiredText(call.body, "name"),
    color: text(call.body, "color") ?? "ededed",
    description: text(call.body, "description") ?? "",
  });
  return { status: 201, body: labelJson(world, repository, label) };
}

function getLabel({ world, repository, params }: RepositoryRequest) {
  const label = repository.label(params["name"] ?? "");
  if (label === undefined) throw notFound();
  return { status: 200, body: labelJson(world, repository, label) };
}

/** REST folds maintain into write and triage into read; `role_name` keeps them. */
function permissionOf({ world, repository, params }: RepositoryRequest) {
  const login = params["login"] ?? "";
  const account = world.accounts.get(login.toLowerCase());
  if (account === undefined) throw notFound();
  const owner = account.id === repository.owner.id;
  const role = owner
    ? "admin"
    : (repository.permissions.get(login.toLowerCase()) ?? (repository.private ? "none" : "read"));
  const permission = role === "maintain" ? "write" : role === "triage" ? "read" : role;
  return { status: 200, body: { permission, role_name: role, user: accountJson(world, account) } };
}
