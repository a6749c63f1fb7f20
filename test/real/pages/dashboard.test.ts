// The dashboard in a real browser: each page in both colour schemes and on a phone, by axe's rules; live, and without JavaScript.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import {
  CONFIG_REPOSITORY,
  configRepository,
  startTestBed,
  type TestBed,
} from "../../../src/sandbox/test-bed.ts";
import { isSkipped } from "../program.ts";

const CHROMIUM = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";

const SIZES = { screen: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };
const CASES = (["light", "dark"] as const).flatMap((colorScheme) =>
  Object.entries(SIZES).map(([size, viewport]) => ({ colorScheme, size, viewport })),
);

let browser: Browser;
let testBed: TestBed;
let paths: readonly string[];

beforeAll(async () => {
  if (isSkipped("chromium")) return;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  testBed = await startTestBed({
    dashboard: "public",
    files: {
      ...configRepository(),
      ".github/chart-promoter.yml": `environments:\n  dev:\n    path: dev\n    windows: { deny: [{ cron: "0 0 * * *", duration: 23h }] }\n`,
    },
  });
  const { body } = await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.publish({ version: "1.0.2" });
  await testBed.waitUntilIdle();
  paths = ["/", "/queue", "/report", `/journeys/${body.id}`, "/repositories/acme/config/charts/xposer"];
});

afterAll(async () => {
  await browser?.close();
  await testBed?.stop();
});

async function visit(options: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, complaints };
}

/** What axe finds wrong, one line each. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: { violations: readonly { id: string; nodes: readonly { html: string }[] }[] } =
    await page.evaluate("axe.run()");
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

test.each(CASES)("each page is accessible, in $colorScheme on a $size", async ({ colorScheme, viewport }) => {
  if (isSkipped("chromium")) return;
  const { page, complaints } = await visit({ colorScheme, viewport });
  for (const path of paths) {
    await page.goto(`${testBed.url()}${path}`);
    expect({ path, found: await violations(page) }).toEqual({ path, found: [] });
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect(Number(width)).toBeLessThanOrEqual(viewport.width);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("To the content");
  }
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("an open page shows what happens, and one without JavaScript shows it when it is loaded again", async () => {
  if (isSkipped("chromium")) return;
  const live = await visit({});
  const plain = await visit({ javaScriptEnabled: false });
  for (const { page } of [live, plain]) await page.goto(testBed.url());
  await testBed.publish({ version: "1.0.3" });
  await live.page.getByText("to 1.0.3").waitFor({ timeout: 20_000 });
  expect(await plain.page.content()).not.toContain("to 1.0.3");
  await plain.page.reload();
  expect(await plain.page.content()).toContain("to 1.0.3");
  expect([...live.complaints, ...plain.complaints]).toEqual([]);
});

test("a hundred open streams cost less than 100 MB", async () => {
  const before = process.memoryUsage().rss;
  const stop = new AbortController();
  const streams = await Promise.all(
    Array.from({ length: 100 }, () => fetch(`${testBed.url()}/events`, { signal: stop.signal })),
  );
  expect(streams.every(({ status }) => status === 200)).toBe(true);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  stop.abort();
});

/** `PICTURES=1`: draws the documents' picture anew. */
test("the front page can be drawn", async () => {
  if (isSkipped("chromium") || !process.env["PICTURES"]) return;
  const { page } = await visit({ viewport: { width: 900, height: 420 }, colorScheme: "light" });
  await page.goto(testBed.url());
  await page.screenshot({ path: "docs/pictures/dashboard.png" });
});
