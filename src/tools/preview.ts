// npm run preview [-- CASE]: writes a case of fixtures/pull-request-body, or the six with the longest texts, as HTML
// pages that look like GitHub's pull request page, with screenshots of their first screens.

import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { promotionTitle } from "../domain/plan/commit-message.ts";
import type { PullRequestFacts } from "../domain/pull-request-body/facts.ts";
import { pullRequestBody } from "../domain/pull-request-body/pull-request-body.ts";
import { readReviewCase } from "../sandbox/review-case.ts";

const ROOT = join(import.meta.dirname, "../..");
const CASES = join(ROOT, "fixtures/pull-request-body");
const TARGET = join(ROOT, ".cache/preview");

/** Number of longest texts when no case is named. */
const LARGEST = 6;

async function main(name: string | undefined): Promise<void> {
  const cases = (await readdir(CASES)).filter((entry) => !entry.includes("."));
  if (name !== undefined && !cases.includes(name)) {
    console.error(`usage: npm run preview [-- CASE]\ncases: ${cases.join(", ")}`);
    process.exitCode = 2;
    return;
  }
  await mkdir(TARGET, { recursive: true });
  for (const shown of name === undefined ? await largest(cases) : [name]) {
    const file = join(TARGET, `${shown}.html`);
    await writeFile(file, await page(await readReviewCase(join(CASES, shown))));
    console.log((await picture(file)) ?? file);
  }
}

async function largest(cases: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(
    cases.map(async (name) => ({
      name,
      length: (await readFile(join(CASES, name, "pull-request.md"))).length,
    })),
  );
  return texts
    .toSorted((one, other) => other.length - one.length)
    .slice(0, LARGEST)
    .map(({ name }) => name);
}

/** A laptop's screen without the browser's own bars. */
const SCREEN = { width: 1280, height: 860 };

/** Path of a PNG of the page's first screen; `undefined` without Chromium. */
async function picture(page: string): Promise<string | undefined> {
  const file = page.replace(/\.html$/, ".png");
  const options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"];
  const size = `--window-size=${SCREEN.width},${SCREEN.height}`;
  const found = await promisify(execFile)("chromium", [
    ...options,
    size,
    `--screenshot=${file}`,
    `file://${page}`,
  ]).then(
    () => true,
    () => false,
  );
  return found ? file : undefined;
}

async function page(shown: PullRequestFacts): Promise<string> {
  const css = await readFile(
    createRequire(import.meta.url).resolve("github-markdown-css/github-markdown-light.css"),
    "utf8",
  );
  const moves = shown.charts.flatMap(({ chart, from, to, publish }) =>
    publish ? [{ chart, from, to, publish }] : [],
  );
  const [first, ...rest] = moves;
  const title =
    first === undefined ? "" : promotionTitle({ environment: shown.environment, moves: [first, ...rest] });
  return `<!doctype html><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>${css}${FRAME}</style>
<header><h1>${escapeHtml(title)} <span>#128</span></h1><p><b class="open">Open</b> <b>chart-promoter</b> wants to merge 1 commit into <code>main</code> from <code>promote/${escapeHtml(shown.environment)}/${escapeHtml(first?.chart ?? "")}</code></p></header>
<section><h2><b>chart-promoter</b> <i>bot</i> commented just now</h2><article class="markdown-body">${bodyHtml(pullRequestBody(shown))}</article></section>`;
}

/** GitHub Flavored Markdown with GitHub's alerts, which Markdown libraries do not support. */
function bodyHtml(markdown: string): string {
  const html = micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  return html
    .replace(/<blockquote>\s*<p>\[!(CAUTION|WARNING|IMPORTANT)\](?:<\/p>)?/g, (_match, mark: string) =>
      alertStart(mark),
    )
    .replaceAll("</blockquote>", "</div>")
    .replace(
      /<code class="language-diff">([\s\S]*?)<\/code>/g,
      (_match, diff: string) => `<code>${colour(diff)}</code>`,
    );
}

function alertStart(mark: string): string {
  const kind = mark.toLowerCase();
  return `<div class="markdown-alert markdown-alert-${kind}"><p class="markdown-alert-title">${mark.charAt(0)}${kind.slice(1)}</p>`;
}

function colour(diff: string): string {
  const lines = diff.split("\n").map((line) => {
    const kind = line.startsWith("+") ? "pl-mi1" : line.startsWith("-") ? "pl-md" : undefined;
    return kind === undefined ? line : `<span class="${kind}">${line}</span>`;
  });
  return lines.join("\n");
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const FRAME = `
body { max-width: 920px; margin: 24px auto; padding: 0 16px; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: #1f2328; background: #fff; }
header { border-bottom: 1px solid #d1d9e0; margin-bottom: 20px; }
header h1 { font-size: 26px; font-weight: 400; margin: 0 0 8px; } header h1 span { color: #59636e; font-weight: 300; }
header p { color: #59636e; } header code, section h2 code { background: #ddf4ff; color: #0969da; border-radius: 6px; padding: 2px 6px; font-size: 12px; }
header .open { background: #1f883d; color: #fff; border-radius: 16px; padding: 5px 14px; margin-right: 6px; font-weight: 500; }
section { border: 1px solid #d1d9e0; border-radius: 6px; }
section h2 { margin: 0; padding: 10px 16px; font-size: 14px; font-weight: 400; color: #59636e; background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; }
section h2 b { color: #1f2328; } section h2 i { border: 1px solid #d1d9e0; border-radius: 10px; padding: 0 6px; font-style: normal; font-size: 12px; }
article { padding: 16px; }
.markdown-body { font-size: 14px; }
`;

await main(process.argv[2]);
