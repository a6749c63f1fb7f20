// Issues, and the common part of issues and pull requests: labels, comments, reactions.

import { issueJson } from "../shapes/issue.ts";
import { pullRequestJson } from "../shapes/pull-request.ts";
import { mustBeWritable } from "./pull-requests/pull-requests.ts";
import type { Account, ContentEdit, Issue } from "./records.ts";
import { unprocessable } from "./refusal.ts";
import type { Repository } from "./repositories/repository.ts";
import { checkTexts } from "./texts.ts";
import type { World } from "./world.ts";

export interface IssueAct {
  readonly number: number;
  readonly actor: Account;
}

export function openIssue(
  world: World,
  repository: Repository,
  { title, body, actor, labels }: { title: string; body: string; actor: Account; labels: readonly number[] },
): Issue {
  mustBeWritable(repository);
  checkTexts({ title, body });
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
    edits: [],
    createdAt: now,
    updatedAt: now,
  };
  repository.threads.set(issue.number, issue);
  emitThread(world, repository, { number: issue.number, actor, action: "opened" });
  return issue;
}

export interface IssueEdit extends IssueAct {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
  readonly state?: "open" | "closed" | undefined;
}

export function editIssue(world: World, repository: Repository, { number, actor, ...edit }: IssueEdit): void {
  mustBeWritable(repository);
  checkTexts(edit);
  const issue = repository.mustThread(number);
  if (issue.kind !== "issue") throw unprocessable("not an issue");
  const { closedAt: _at, closedBy: _by, ...rest } = issue;
  const state = edit.state ?? issue.state;
  const closing = state === "closed" && {
    closedAt: issue.closedAt ?? world.now(),
    closedBy: issue.closedBy ?? actor,
  };
  const [title, body] = [edit.title ?? issue.title, edit.body ?? issue.body];
  const edits = body === issue.body ? issue.edits : withEdit(issue, { at: world.now(), editor: actor });
  repository.threads.set(number, { ...rest, title, body, edits, state, ...closing, updatedAt: world.now() });
  const changes = {
    ...(title !== issue.title && { title: { from: issue.title } }),
    ...(body !== issue.body && { body: { from: issue.body } }),
  };
  if (Object.keys(changes).length > 0)
    emitThread(world, repository, { number, actor, action: "edited", more: { changes } });
  if (state !== issue.state)
    emitThread(world, repository, { number, actor, action: state === "closed" ? "closed" : "reopened" });
}

/** Afterwards Apps, and people without write access, cannot comment. */
export function lock(world: World, repository: Repository, { number, actor }: IssueAct): void {
  repository.threads.set(number, { ...repository.mustThread(number), locked: true });
  emitThread(world, repository, { number, actor, action: "locked" });
}

export function withEdit(
  { edits, createdAt, author }: Pick<Issue, "edits" | "createdAt" | "author">,
  edit: ContentEdit,
): readonly ContentEdit[] {
  return [edit, ...(edits.length > 0 ? edits : [{ at: createdAt, editor: author }])];
}

/** Sends the webhook of an issue or a pull request, each with its own event. */
export function emitThread(
  world: World,
  repository: Repository,
  { number, actor, action, more }: IssueAct & { readonly action: string; readonly more?: object },
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
