// Comments on issues and pull requests, and reactions to both.

import { commentJson, issueJson } from "../shapes/issue.ts";
import { type IssueAct, withEdit } from "./issues.ts";
import { mustBeWritable } from "./pull-requests/pull-requests.ts";
import type { Account, Comment, Reaction } from "./records.ts";
import { forbidden, notFound, unprocessable } from "./refusal.ts";
import type { Repository } from "./repositories/repository.ts";
import { checkTexts } from "./texts.ts";
import type { World } from "./world.ts";

export function addComment(
  world: World,
  repository: Repository,
  { number, actor, body }: IssueAct & { body: string },
): Comment {
  mustBeWritable(repository);
  mustTake(repository, number, actor);
  if (body.trim() === "") throw unprocessable("Body cannot be blank");
  checkTexts({ body });
  const now = world.now();
  const comment = {
    id: world.newId(),
    number,
    author: actor,
    body,
    edits: [],
    createdAt: now,
    updatedAt: now,
  };
  repository.comments.set(comment.id, comment);
  repository.threads.set(number, { ...repository.mustThread(number), updatedAt: now });
  emitComment(world, repository, { comment, actor, action: "created" });
  return comment;
}

export function editComment(
  world: World,
  repository: Repository,
  { id, actor, body }: { readonly id: number; readonly actor: Account; readonly body: string },
): Comment {
  mustBeWritable(repository);
  checkTexts({ body });
  const before = mustComment(repository, id);
  const at = world.now();
  const edits = body === before.body ? before.edits : withEdit(before, { at, editor: actor });
  const comment = { ...before, body, edits, updatedAt: at };
  repository.comments.set(id, comment);
  const changes = { body: { from: before.body } };
  emitComment(world, repository, { comment, actor, action: "edited", changes });
  return comment;
}

export function deleteComment(
  world: World,
  repository: Repository,
  { id, actor }: { readonly id: number; readonly actor: Account },
): void {
  const comment = mustComment(repository, id);
  emitComment(world, repository, { comment, actor, action: "deleted" });
  repository.comments.delete(id);
}

/** Throws GitHub's refusal when the conversation is locked for this account. */
function mustTake(repository: Repository, number: number, { id, login }: Account): void {
  const level = repository.permissions.get(login.toLowerCase()) ?? "none";
  const mayWrite = !["none", "read", "triage"].includes(level) || id === repository.owner.id;
  if (repository.mustThread(number).locked && !mayWrite)
    throw forbidden("Unable to create comment because issue is locked.");
}

export function mustComment(repository: Repository, id: number): Comment {
  const comment = repository.comments.get(id);
  if (comment === undefined) throw notFound();
  return comment;
}

function emitComment(
  world: World,
  repository: Repository,
  { comment, actor, action, changes }: { comment: Comment; actor: Account; action: string; changes?: object },
): void {
  const thread = repository.mustThread(comment.number);
  const payload = {
    issue: issueJson(world, repository, thread),
    comment: commentJson(world, repository, comment),
    ...(changes && { changes }),
  };
  world.emit({ name: "issue_comment", action, repository, sender: actor, payload });
}

/** Idempotent: an account has each reaction at most once. */
export function react(
  world: World,
  repository: Repository,
  reaction: Pick<Reaction, "subject" | "content" | "author">,
): { readonly reaction: Reaction; readonly isNew: boolean } {
  mustBeWritable(repository);
  const { kind, key } = reaction.subject;
  mustTake(repository, kind === "issue" ? key : mustComment(repository, key).number, reaction.author);
  const known = reactionsTo(repository, reaction.subject).find(
    ({ content, author }) => content === reaction.content && author.id === reaction.author.id,
  );
  if (known !== undefined) return { reaction: known, isNew: false };
  const made = { ...reaction, id: world.newId(), createdAt: world.now() };
  repository.reactions.set(made.id, made);
  return { reaction: made, isNew: true };
}

export function reactionsTo(repository: Repository, subject: Reaction["subject"]): readonly Reaction[] {
  return [...repository.reactions.values()].filter(
    ({ subject: { kind, key } }) => kind === subject.kind && key === subject.key,
  );
}
