// Issues, and what issues and pull requests share: labels, comments, reactions.

import { commentJson, issueJson } from "../shapes/issue.ts";
import { labelJson } from "../shapes/label.ts";
import { pullRequestJson } from "../shapes/pull-request.ts";
import { mustBeWritable, mustLabel } from "./pull-requests.ts";
import type { Account, Comment, Issue, Label, PullRequest, Reaction } from "./records.ts";
import { notFound, Refusal, unprocessable } from "./refusal.ts";
import type { Repository } from "./repository.ts";
import type { World } from "./world.ts";

interface Act {
  readonly number: number;
  readonly actor: Account;
}

export function openIssue(
  world: World,
  repository: Repository,
  { title, body, actor, labels }: { title: string; body: string; actor: Account; labels: readonly number[] },
): Issue {
  mustBeWritable(repository);
  if (title.trim() === "") throw unprocessable("Title can't be blank");
  const now = world.now();
  const issue: Issue = {
    kind: "issue",
    number: repository.nextNumber++,
    id: world.newId(),
    title,
    body,
    state: "open",
    author: actor,
    labels,
    assignees: [],
    createdAt: now,
    updatedAt: now,
  };
  repository.threads.set(issue.number, issue);
  tellOfThread(world, repository, { number: issue.number, actor, action: "opened" });
  return issue;
}

export interface IssueEdit extends Act {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly state?: "open" | "closed" | undefined;
}

export function editIssue(world: World, repository: Repository, { number, actor, ...edit }: IssueEdit): void {
  mustBeWritable(repository);
  const issue = repository.mustThread(number);
  if (issue.kind !== "issue") throw unprocessable("not an issue");
  const { closedAt: _at, closedBy: _by, ...rest } = issue;
  const state = edit.state ?? issue.state;
  const closing = state === "closed" && {
    closedAt: issue.closedAt ?? world.now(),
    closedBy: issue.closedBy ?? actor,
  };
  repository.threads.set(number, {
    ...rest,
    title: edit.title ?? issue.title,
    body: edit.body ?? issue.body,
    state,
    ...closing,
    updatedAt: world.now(),
  });
  const edited = repository.mustThread(number);
  if (edited.title !== issue.title || edited.body !== issue.body)
    tellOfThread(world, repository, { number, actor, action: "edited" });
  if (state !== issue.state)
    tellOfThread(world, repository, { number, actor, action: state === "closed" ? "closed" : "reopened" });
}

/** Tells webhooks of an issue or a pull request, each under its own event. */
export function tellOfThread(
  world: World,
  repository: Repository,
  { number, actor, action, more }: Act & { readonly action: string; readonly more?: object },
): void {
  const thread = repository.mustThread(number);
  const about = { action, repository, sender: actor };
  if (thread.kind === "issue")
    world.emit({
      ...about,
      name: "issues",
      payload: { issue: issueJson(world, repository, thread), ...more },
    });
  else {
    const payload = { number, pull_request: pullRequestJson(world, repository, thread), ...more };
    world.emit({ ...about, name: "pull_request", payload });
  }
}

/** The label of this name, made when it is new. */
export function ensureLabel(
  world: World,
  repository: Repository,
  { name, color = "ededed", description = "" }: { name: string; color?: string; description?: string },
): Label {
  const known = repository.label(name);
  if (known !== undefined) return known;
  const label = { id: world.newId(), name, color: color.replace(/^#/, ""), description };
  repository.labels.set(label.id, label);
  return label;
}

export function createLabel(
  world: World,
  repository: Repository,
  label: { name: string; color: string; description: string },
): Label {
  mustBeWritable(repository);
  if (repository.label(label.name) !== undefined)
    throw new Refusal("UNPROCESSABLE", "Validation Failed", [
      { resource: "Label", code: "already_exists", field: "name" },
    ]);
  return ensureLabel(world, repository, label);
}

/** Leaves exactly these labels on it, telling of each that came and went. */
export function setLabels(
  world: World,
  repository: Repository,
  { number, actor, labels }: Act & { readonly labels: readonly number[] },
): Issue | PullRequest {
  mustBeWritable(repository);
  const before = repository.mustThread(number).labels;
  const wanted = [...new Set(labels)].map((id) => mustLabel(repository, id).id);
  const changes = [
    ...wanted.filter((id) => !before.includes(id)).map((id) => ({ id, action: "labeled" })),
    ...before.filter((id) => !wanted.includes(id)).map((id) => ({ id, action: "unlabeled" })),
  ];
  if (changes.length > 0)
    repository.threads.set(number, {
      ...repository.mustThread(number),
      labels: wanted,
      updatedAt: world.now(),
    });
  for (const { id, action } of changes) {
    const more = { label: labelJson(world, repository, mustLabel(repository, id)) };
    tellOfThread(world, repository, { number, actor, action, more });
  }
  return repository.mustThread(number);
}

export function addComment(
  world: World,
  repository: Repository,
  { number, actor, body }: Act & { body: string },
): Comment {
  mustBeWritable(repository);
  repository.mustThread(number);
  if (body.trim() === "") throw unprocessable("Body cannot be blank");
  if (body.length > 65_536) throw unprocessable("Body is too long (maximum is 65536 characters)");
  const now = world.now();
  const comment = { id: world.newId(), number, author: actor, body, createdAt: now, updatedAt: now };
  repository.comments.set(comment.id, comment);
  repository.threads.set(number, { ...repository.mustThread(number), updatedAt: now });
  tellOfComment(world, repository, { comment, actor, action: "created" });
  return comment;
}

export function editComment(
  world: World,
  repository: Repository,
  { id, actor, body }: { readonly id: number; readonly actor: Account; readonly body: string },
): Comment {
  mustBeWritable(repository);
  const before = mustComment(repository, id);
  const comment = { ...before, body, updatedAt: world.now() };
  repository.comments.set(id, comment);
  const changes = { body: { from: before.body } };
  tellOfComment(world, repository, { comment, actor, action: "edited", changes });
  return comment;
}

export function deleteComment(
  world: World,
  repository: Repository,
  { id, actor }: { readonly id: number; readonly actor: Account },
): void {
  const comment = mustComment(repository, id);
  tellOfComment(world, repository, { comment, actor, action: "deleted" });
  repository.comments.delete(id);
}

export function mustComment(repository: Repository, id: number): Comment {
  const comment = repository.comments.get(id);
  if (comment === undefined) throw notFound();
  return comment;
}

function tellOfComment(
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

/** The same reaction of the same account is there once, however often it is given. */
export function react(
  world: World,
  repository: Repository,
  reaction: Pick<Reaction, "subject" | "content" | "author">,
): { readonly reaction: Reaction; readonly isNew: boolean } {
  mustBeWritable(repository);
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
