// Comments and reactions.

import { commentJson, reactionJson } from "../shapes/issue.ts";
import {
  addComment,
  deleteComment,
  editComment,
  mustComment,
  react,
  reactionsTo,
} from "../world/comments.ts";
import { REACTIONS, type Reaction } from "../world/records.ts";
import { forbidden } from "../world/refusal.ts";
import { invalidField, numberParam, page, type RepositoryRequest, requiredText } from "./route.ts";
import { threadOf } from "./threads.ts";

function commentOf(request: RepositoryRequest, access: "read" | "write") {
  const comment = mustComment(request.repository, numberParam(request, "id"));
  threadOf(request, access, comment.number);
  return comment;
}

export function getComment(request: RepositoryRequest) {
  return { status: 200, body: commentJson(request.world, request.repository, commentOf(request, "read")) };
}

function ownComment(request: RepositoryRequest) {
  const comment = commentOf(request, "write");
  if (comment.author.id !== request.world.app.bot.id) throw forbidden();
  return comment;
}

export function patchComment(request: RepositoryRequest) {
  const { world, repository, call } = request;
  const { id } = ownComment(request);
  const comment = editComment(world, repository, {
    id,
    actor: world.app.bot,
    body: requiredText(call.body, "body"),
  });
  return { status: 200, body: commentJson(world, repository, comment) };
}

export function removeComment(request: RepositoryRequest) {
  const { world, repository } = request;
  deleteComment(world, repository, { id: ownComment(request).id, actor: world.app.bot });
  return { status: 204 };
}

export function listComments(request: RepositoryRequest) {
  const { world, repository } = request;
  const { number } = threadOf(request, "read");
  const found = [...repository.comments.values()].filter((comment) => comment.number === number);
  return page(
    request,
    found.map((comment) => commentJson(world, repository, comment)),
  );
}

export function postComment(request: RepositoryRequest) {
  const { world, repository, call, viewer } = request;
  const { number } = threadOf(request, "write");
  const comment = addComment(world, repository, {
    number,
    actor: viewer.kind === "person" ? world.account(viewer.login) : world.app.bot,
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

export function reactionsOf(kind: "comment" | "issue") {
  return (request: RepositoryRequest) => {
    const { world, repository } = request;
    const given = reactionsTo(repository, subjectOf(request, kind, "read"));
    return page(
      request,
      given.map((reaction) => reactionJson(world, repository, reaction)),
    );
  };
}

export function reactTo(kind: "comment" | "issue") {
  return (request: RepositoryRequest) => {
    const { world, repository, call } = request;
    const content = REACTIONS.find((one) => one === call.body["content"]);
    if (content === undefined) throw invalidField("content");
    const subject = subjectOf(request, kind, "write");
    const { reaction, isNew } = react(world, repository, { subject, content, author: world.app.bot });
    return { status: isNew ? 201 : 200, body: reactionJson(world, repository, reaction) };
  };
}
