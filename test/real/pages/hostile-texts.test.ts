// Pages of what others wrote, in a real browser: nothing of it runs, loads, or leads anywhere but to GitHub.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import {
  CONFIG_REPOSITORY,
  configRepository,
  MUSEUM_URL,
  startTestBed,
  type TestBed,
} from "../../../src/sandbox/test-bed.ts";
import { startHook } from "../../support/hook.ts";
import { isSkipped } from "../program.ts";

const CHROMIUM = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";
const MARKUP = `"'></td></table></title><img src=x onerror=alert(1)><script>alert(2)</script><svg onload=alert(3)>`;
const LINK = "javascript:alert(4)//";
const POLYGLOT = `jaVasCript:/*-/*\`/*'/*"/**/(/* */oNcliCk=alert(5) )//</stYle/</titLe/</scRipt/--!><sVg/oNloAd=alert(6)//>`;
const TEXTS = [MARKUP, LINK, POLYGLOT, "..", "\u202egpj.exe"];

const ONE = `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;

let browser: Browser;
let testBed: TestBed;
let hook: Awaited<ReturnType<typeof startHook>>;
let paths: readonly string[];

function hostileFiles() {
  const entries = TEXTS.map(
    (text, n) =>
      `  - {name: ${JSON.stringify(text)}, alias: a${n}, version: 1.0.0, repository: "${MUSEUM_URL}"}\n`,
  );
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const freeze = `{ from: 2026-01-01T00:00:00Z, to: ${until}, reason: ${JSON.stringify(MARKUP)} }`;
  const folder = `dev/${MARKUP.replaceAll("/", "-")}`;
  return {
    ...configRepository(),
    "dev/requirements.yaml": `${ONE}${entries.join("")}`,
    ".github/chart-promoter.yml": `environments:\n  dev: { path: dev, deploy: [hook], drift: { heal: off } }\n  cold: { path: cold, freeze: [${freeze}] }\n  odd: { path: ${JSON.stringify(folder)} }\n`,
    "cold/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    "cold/requirements.yaml": ONE,
    [`${folder}/Chart.yaml`]: `apiVersion: v1\nname: ${JSON.stringify(MARKUP)}\nversion: 0.1.0\n`,
  };
}

beforeAll(async () => {
  if (isSkipped("chromium")) return;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  hook = await startHook();
  testBed = await startTestBed({
    dashboard: "public",
    files: hostileFiles(),
    deployers: [
      { kind: "webhook", name: "hook", url: `${hook.url}/hook`, secret: "s", repositories: ["*/*"] },
    ],
  });
  const source = { repository: MARKUP, revision: LINK, build: POLYGLOT };
  const first = await testBed.publish({ version: "1.0.1", source });
  await testBed.waitUntilIdle();
  const own = testBed.repository().pulls();
  testBed.alice.merge(CONFIG_REPOSITORY, own.find(({ title }) => title.endsWith("in dev"))?.number ?? 0);
  await testBed.waitUntilIdle();
  const [deployment] = testBed.repository().deployments.values();
  const report = async (path: string, facts: object) => {
    const answer = await fetch(`${testBed.url()}/deployments/${deployment?.id}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Basic ${btoa("hook:s")}` },
      body: JSON.stringify(facts),
    });
    return answer.status;
  };
  for (const log of [LINK, POLYGLOT, "data:text/html,<script>alert(7)</script>", "vbscript:x"])
    expect([log, await report("status", { state: "in_progress", log })]).toEqual([log, 400]);
  expect(await report("status", { state: "failure", description: MARKUP })).toBe(204);
  await testBed.waitUntilIdle();
  const missing = await testBed.announce({ version: "9.9.9-x", digest: `sha256:${"0".repeat(64)}` });
  await testBed.publish({ version: "1.0.2", source });
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "promote/dev/xposer",
    files: { [`dev/${MARKUP.replaceAll("/", "-")}`]: "x" },
  });
  await testBed.waitUntilIdle();
  const charts = ["xposer", ...TEXTS].map(
    (name) => `/repositories/${CONFIG_REPOSITORY}/charts/${encodeURIComponent(name)}`,
  );
  const query = encodeURIComponent(MARKUP);
  paths = [
    ...["/", "/queue", "/report", `/journeys/${first.body.id}`, `/journeys/${missing.body.id}`, ...charts],
    ...[`/?page=${query}`, `/queue?asked=${query}`, `/journeys/${query}`, `/${query}`],
  ];
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await testBed?.stop();
  await hook?.close();
});

/** What the page has that it was not made with, or that leads where it must not. */
async function foreignParts(page: Page): Promise<readonly string[]> {
  const found: readonly string[] = await page.evaluate(`[
    ...[...document.querySelectorAll("img, svg, iframe, object, embed, style, script:not([src='/assets/dashboard.js'])")].map(({ outerHTML }) => outerHTML),
    ...[...document.querySelectorAll("*")].flatMap(({ attributes }) => [...attributes].filter(({ name }) => name.startsWith("on")).map(({ name }) => name)),
    ...[...document.querySelectorAll("a")].map(({ href }) => href),
  ]`);
  const own = [testBed.url(), testBed.github.url].map((url) => new URL(url).origin);
  return found.filter((one) => !own.some((origin) => one.startsWith(`${origin}/`)));
}

test("nothing that others wrote runs, loads or leads elsewhere, on any page", async () => {
  if (isSkipped("chromium")) return;
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on("dialog", async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("console", (message) => {
    if (message.type() === "error" && !/404/.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(testBed.url()).origin) complaints.push(request.url());
  });
  let shown = "";
  for (const path of paths) {
    await page.goto(`${testBed.url()}${path}`);
    expect({ path, found: await foreignParts(page) }).toEqual({ path, found: [] });
    shown += String(await page.evaluate("document.body.innerText"));
  }
  expect(complaints).toEqual([]);
  for (const text of ["<img src=x onerror=alert(1)>", LINK, "</scRipt/"]) expect(shown).toContain(text);
  await page.context().close();
}, 120_000);
