// What a person sees who opens an issue or a pull request of the offline GitHub in a browser.

import type { IncomingMessage } from "node:http";
import { mergeBase } from "../git/history.ts";
import { patchOf } from "../git/line-counts.ts";
import { changesBetween } from "../git/trees.ts";
import { commitsOf } from "../world/associations.ts";
import type { Issue, PullRequest } from "../world/records.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

export interface Page {
  readonly status: number;
  readonly html: string;
}

/** The page for a browser's address; `undefined` for everything that is the API's. */
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

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1f2328 }
pre { padding: 1rem; overflow: auto; background: #f6f8fa; border-radius: 6px; font-size: 13px; white-space: pre-wrap }
.state { padding: .2rem .8rem; border-radius: 2rem; color: #fff; background: #59636e }
.open { background: #1a7f37 } .merged { background: #8250df } .closed { background: #cf222e }
.add { background: #dafbe1 } .del { background: #ffebe9 } .hunk { color: #0969da }
</style>
<body>${body}</body>
</html>
`;
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
    ...comments.map(({ author, body }) => `<h3>${escaped(author.login)}</h3><pre>${escaped(body)}</pre>`),
    ...(isPull ? ["<h2>Files changed</h2>", ...filesHtml(repository, thread)] : []),
  ].join("\n");
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

function escaped(text: string): string {
  const entities: { readonly [char: string]: string } = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replaceAll(/[&<>"]/g, (char) => entities[char] ?? char);
}
