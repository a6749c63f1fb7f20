// What a person sees who opens a pull request of the offline GitHub in a browser.

import type { IncomingMessage } from "node:http";
import { mergeBase } from "../git/history.ts";
import { patchOf } from "../git/line-counts.ts";
import { changesBetween } from "../git/trees.ts";
import { commitsOf } from "../world/associations.ts";
import type { PullRequest } from "../world/records.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

export interface Page {
  readonly status: number;
  readonly html: string;
}

/** The page for a browser's address; `undefined` for everything that is the API's. */
export function pageFor(world: World, { method, url = "/" }: IncomingMessage): Page | undefined {
  const match = /^\/([^/]+)\/([^/]+)\/pull\/(\d+)$/.exec(url.split("?", 1)[0] ?? "");
  if (method !== "GET" || match === null || match[1] === "repos") return undefined;
  const name = `${match[1]}/${match[2]}`;
  const repository = world.repository(name) ?? world.formerly(name);
  const pull = repository?.pull(Number(match[3]));
  if (repository === undefined || pull === undefined)
    return { status: 404, html: document("Not found", "<h1>Not found</h1>") };
  return { status: 200, html: document(pull.title, pullRequestHtml(repository, pull)) };
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

function pullRequestHtml(repository: Repository, pull: PullRequest): string {
  const state = pull.merge !== undefined ? "merged" : pull.state;
  const comments = [...repository.comments.values()].filter(({ number }) => number === pull.number);
  return [
    `<h1>${escaped(pull.title)} <small>#${pull.number}</small></h1>`,
    `<p><span class="state ${state}">${state}</span> <b>${escaped(pull.author.login)}</b> wants to merge`,
    ` ${commitsOf(repository, pull).length} commit(s) into <code>${escaped(pull.base.branch)}</code>`,
    ` from <code>${escaped(pull.head.branch)}</code></p>`,
    `<pre>${escaped(pull.body)}</pre>`,
    ...comments.map(({ author, body }) => `<h3>${escaped(author.login)}</h3><pre>${escaped(body)}</pre>`),
    "<h2>Files changed</h2>",
    ...filesHtml(repository, pull),
  ].join("\n");
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
