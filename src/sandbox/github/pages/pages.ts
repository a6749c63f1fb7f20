// The HTML pages of issues and pull requests of the offline GitHub.

import type { IncomingMessage } from "node:http";
import { mergeBase } from "../git/history.ts";
import { patchOf } from "../git/line-counts.ts";
import { changesBetween } from "../git/trees.ts";
import { commitsOf } from "../world/associations.ts";
import type { Issue, PullRequest } from "../world/records.ts";
import type { Repository } from "../world/repositories/repository.ts";
import type { World } from "../world/world.ts";
import { document, escaped, type Page } from "./document.ts";

/** The page for a URL; `undefined` for URLs of the API. */
export function pageFor(world: World, { method, url = "/" }: IncomingMessage): Page | undefined {
  const path = url.split("?", 1)[0] ?? "";
  if (method !== "GET") return undefined;
  if (path === "/") return { status: 200, html: document("Offline GitHub", indexHtml(world)) };
  const match = /^\/([^/]+)\/([^/]+)\/(?:pull|issues)\/(\d+)$/.exec(path);
  if (match === null || match[1] === "repositories") return undefined;
  const name = `${match[1]}/${match[2]}`;
  const repository = world.repository(name) ?? world.formerly(name);
  const thread = repository?.threads.get(Number(match[3]));
  if (repository === undefined || thread === undefined)
    return { status: 404, html: document("Not found", "<h1>Not found</h1>") };
  return { status: 200, html: document(thread.title, threadHtml(repository, thread)) };
}

export interface PressedMerge {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
}

/** Somebody pressed the merge button of a page. */
export function pressedMerge({ method, url = "/" }: IncomingMessage): PressedMerge | undefined {
  const match = /^\/([^/]+\/[^/]+)\/pull\/(\d+)\/merge$/.exec(url);
  const [, repository, number] = match ?? [];
  return method === "POST" && repository !== undefined ? { repository, number: Number(number) } : undefined;
}

/** What the person who pressed it sees when it could not be merged. */
export function notMerged(error: unknown): Page {
  const because = escaped(error instanceof Error ? error.message : String(error));
  return { status: 409, html: document("Not merged", `<h1>Not merged</h1><p>${because}</p>`) };
}

function indexHtml(world: World): string {
  const lists = [...world.repositories.values()].map((repository) => {
    const items = [...repository.threads.values()].map(({ kind, number, title }) => {
      const path = `/${repository.fullName}/${kind === "issue" ? "issues" : "pull"}/${number}`;
      return `<li><a href="${escaped(path)}">#${number} ${escaped(title)}</a></li>`;
    });
    return `<h2>${escaped(repository.fullName)}</h2><ul>${items.join("")}</ul>`;
  });
  return `<h1>Offline GitHub</h1>${lists.join("")}`;
}

function threadHtml(repository: Repository, thread: Issue | PullRequest): string {
  const isPull = thread.kind === "pull-request";
  const state = isPull && thread.merge !== undefined ? "merged" : thread.state;
  const comments = [...repository.comments.values()].filter(({ number }) => number === thread.number);
  return [
    `<h1>${escaped(thread.title)} <small>#${thread.number}</small></h1>`,
    `<p><span class="state ${state}">${state}</span> by <b>${escaped(thread.author.login)}</b>`,
    ...(isPull ? [`: ${commitsHtml(repository, thread)}`] : []),
    `</p><pre>${escaped(thread.body)}</pre>`,
    ...(state === "open" && isPull ? [mergeButton(repository, thread)] : []),
    ...comments.map(({ author, body }) => `<h3>${escaped(author.login)}</h3><pre>${escaped(body)}</pre>`),
    ...(isPull ? ["<h2>Files changed</h2>", ...filesHtml(repository, thread)] : []),
  ].join("\n");
}

function mergeButton({ fullName }: Repository, { number }: PullRequest): string {
  const action = escaped(`/${fullName}/pull/${number}/merge`);
  return `<form method="post" action="${action}"><button>Merge pull request</button></form>`;
}

function commitsHtml(repository: Repository, pull: PullRequest): string {
  const count = commitsOf(repository, pull).length;
  const [into, from] = [escaped(pull.base.branch), escaped(pull.head.branch)];
  return `${count} commit(s) into <code>${into}</code> from <code>${from}</code>`;
}

function filesHtml({ objects }: Repository, pull: PullRequest): string[] {
  const fork = mergeBase(objects, pull.base.oid, pull.head.oid) ?? pull.base.oid;
  const changes = changesBetween(
    objects,
    objects.mustCommit(fork).tree,
    objects.mustCommit(pull.head.oid).tree,
  );
  return changes.map(
    (change) => `<h3>${escaped(change.path)}</h3><pre>${patchHtml(patchOf(objects, change))}</pre>`,
  );
}

const LINE_CLASSES: { readonly [start: string]: string } = { "+": "add", "-": "del", "@": "hunk" };

function patchHtml(patch: string): string {
  return patch
    .split("\n")
    .map((line) => `<span class="${LINE_CLASSES[line[0] ?? ""] ?? ""}">${escaped(line)}</span>`)
    .join("\n");
}
