// A dashboard that people sign in to, in a real browser: through GitHub's page and back, every page and every button, by
// axe's rules in both colour schemes and on a phone, and without JavaScript.

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import {
  CONFIG_REPOSITORY,
  configRepository,
  startTestBed,
  type TestBed,
} from "../../../src/sandbox/test-bed.ts";
import { startHook } from "../../support/hook.ts";
import { isSkipped } from "../program.ts";

const CHROMIUM = process.env["CHROMIUM_BIN"] ?? "/usr/bin/chromium";
const CHART = `/repositories/${CONFIG_REPOSITORY}/charts/xposer`;

const SIZES = { screen: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };
const CASES = (["light", "dark"] as const).flatMap((colorScheme) =>
  Object.entries(SIZES).map(([size, viewport]) => ({ colorScheme, size, viewport })),
);

let browser: Browser;
let testBed: TestBed;
let hook: Awaited<ReturnType<typeof startHook>>;
let paths: readonly string[];

beforeAll(async () => {
  if (isSkipped("chromium")) return;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  hook = await startHook();
  testBed = await startTestBed({
    dashboard: "github",
    files: {
      ...configRepository(),
      ".github/chart-promoter.yml":
        "environments:\n  dev: { path: dev, deploy: [hook], drift: { heal: off } }\n",
    },
    deployers: [
      { kind: "webhook", name: "hook", url: `${hook.url}/hook`, secret: "s", repositories: ["*/*"] },
    ],
  });
  const { body } = await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const [deployment] = testBed.repository().deployments.values();
  const report = (path: string, facts: object) =>
    fetch(`${testBed.url()}/deployments/${deployment?.id}/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Basic ${btoa("hook:s")}` },
      body: JSON.stringify(facts),
    });
  await report("status", { state: "success" });
  await testBed.waitUntilIdle();
  const web = { kind: "Deployment", namespace: "dev", name: "web", change: "changed", fields: ["spec"] };
  await report("drift", { revision: deployment?.oid, resources: [web] });
  await testBed.publish({ version: "1.0.2" });
  await testBed.waitUntilIdle();
  paths = ["/", "/queue", "/report", `/journeys/${body.id}`, CHART, `${CHART}?asked=hold`, "/journeys/none"];
});

afterAll(async () => {
  await browser?.close();
  await testBed?.stop();
  await hook?.close();
});

interface Visit {
  readonly page: Page;
  readonly complaints: string[];
}

/** Signs in through GitHub's page, unless `login` is undefined. */
async function visit(login: string | undefined, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  if (login === undefined) return { page, complaints };
  await context.addCookies([{ name: "user", value: login, url: testBed.github.url }]);
  await page.goto(`${testBed.url()}/queue`);
  await page.getByRole("link", { name: "Sign in with GitHub" }).click();
  const authorize = page.getByRole("button", { name: "Authorize chart-promoter" });
  const queue = page.getByRole("heading", { name: "Queue" });
  await authorize.or(queue).waitFor();
  if (await authorize.isVisible()) await authorize.click();
  await queue.waitFor();
  expect(page.url()).toBe(`${testBed.url()}/queue`);
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
  const stranger = await visit(undefined, { colorScheme, viewport });
  const person = await visit("alice", { colorScheme, viewport });
  const seen = async (page: Page, path: string) => {
    await page.goto(`${testBed.url()}${path}`);
    expect({ path, found: await violations(page) }).toEqual({ path, found: [] });
    const width = await page.evaluate("document.documentElement.scrollWidth");
    expect({ path, fits: Number(width) <= viewport.width }).toEqual({ path, fits: true });
  };
  for (const path of ["/", "/dashboard/callback?state=x"]) await seen(stranger.page, path);
  for (const path of paths) await seen(person.page, path);
  expect(person.complaints.filter((one) => !/404/.test(one))).toEqual([]);
  for (const { page } of [stranger, person]) await page.context().close();
});

test("the cookie of a session is one that no script reads and no other site sends", async () => {
  if (isSkipped("chromium")) return;
  const { page } = await visit("alice");
  const cookies = await page.context().cookies(testBed.url());
  expect(cookies.filter(({ name }) => name.startsWith("__Host-"))).toMatchObject([
    { name: "__Host-chart-promoter", httpOnly: true, secure: true, sameSite: "Lax", path: "/" },
  ]);
  expect(await page.evaluate("document.cookie")).not.toContain("__Host-");
  await page.context().close();
});

test.each([true, false])("every button does what it says, with JavaScript: %s", async (javaScriptEnabled) => {
  if (isSkipped("chromium")) return;
  const { page, complaints } = await visit("alice", { javaScriptEnabled });
  const press = async (name: string, says: string) => {
    await page.goto(`${testBed.url()}${CHART}`);
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("status").getByText(says).waitFor();
    await testBed.waitUntilIdle();
    // A page may be a second old.
    await page.waitForTimeout(1_100);
  };
  const number = testBed.repository().pulls().at(-1)?.number ?? 0;
  const labels = () => testBed.repository().mustThread(number).labels.length;
  await press(`Hold #${number}`, "The command /hold stands under the pull request now");
  expect(labels()).toBe(1);
  await press(`Let go #${number}`, "The command /unhold stands");
  expect(labels()).toBe(0);
  if (javaScriptEnabled) {
    await press("Heal dev", "The cluster will be healed.");
    await page.goto(`${testBed.url()}${CHART}`);
    await page.getByRole("button", { name: "Deploy dev again" }).click();
    await page.getByText("has not ended").waitFor();
  }
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("link", { name: "Sign in with GitHub" }).waitFor();
  await page.goto(`${testBed.url()}/`);
  expect(page.url()).toContain("/dashboard/sign-in?");
  expect(complaints.filter((one) => !/409/.test(one))).toEqual([]);
  await page.context().close();
});

test("an open page shows what happens, and who may not read it is never told", async () => {
  if (isSkipped("chromium")) return;
  const [bob, eve] = [await visit("bob"), await visit("eve")];
  for (const { page } of [bob, eve]) await page.goto(testBed.url());
  await testBed.publish({ version: "1.0.3" });
  await bob.page.getByText("to 1.0.3").waitFor({ timeout: 20_000 });
  expect(await eve.page.content()).not.toMatch(/1\.0\.3|acme/);
  expect([...bob.complaints, ...eve.complaints]).toEqual([]);
  for (const { page } of [bob, eve]) await page.context().close();
});

test("a hundred open streams of people cost less than 100 MB", async () => {
  if (isSkipped("chromium")) return;
  const { page } = await visit("bob");
  const cookies = await page.context().cookies(testBed.url());
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const before = process.memoryUsage().rss;
  const stop = new AbortController();
  const streams = await Promise.all(
    Array.from({ length: 100 }, () =>
      fetch(`${testBed.url()}/events`, { headers: { cookie }, signal: stop.signal }),
    ),
  );
  expect(streams.every(({ status }) => status === 200)).toBe(true);
  const grown = process.memoryUsage().rss - before;
  expect(grown).toBeLessThan(100 * 2 ** 20);
  if (process.env["SHOW"]) process.stderr.write(`100 streams: ${Math.round(grown / 2 ** 20)} MB\n`);
  stop.abort();
  await page.context().close();
});
