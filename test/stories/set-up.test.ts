// A server without a GitHub App has one made through its set-up page; and what is tried against that page.

import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { type GitHub, startGitHub } from "../../src/sandbox/github/github.ts";
import { type SetUp, setUp } from "../../src/server/set-up.ts";
import { withStoredApp } from "../../src/settings/stored-app.ts";
import { formOf, PlainBrowser } from "../support/plain-browser.ts";

type Listening = GitHub & { readonly url: string; readonly close: () => Promise<void> };

let folder: string;
let github: Listening;
let page: SetUp;
let links: string[];
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-setup-"));
  github = await startGitHub({ person: "mallory" });
  links = [];
  env = { DATA_DIR: join(folder, "data"), GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: "http" };
  page = await setUp({ env, host: "127.0.0.1", port: 0, print: (link) => links.push(link) });
});
afterEach(async () => {
  await page.stop();
  await github.close();
  await rm(folder, { recursive: true, force: true });
});

const WRITTEN = { kind: "organization", account: "acme", name: "acme-promoter", webhookUrl: "" };
const written = () => ({ ...WRITTEN, host: env["GHE_HOST"] ?? "", publicUrl: page.url });

async function entered(): Promise<PlainBrowser> {
  const browser = new PlainBrowser();
  const { status, location } = await browser.get(links.at(-1) ?? "");
  expect([status, location]).toEqual([303, `${page.url}/setup`]);
  return browser;
}

/** What GitHub sends the browser back with. */
async function madeOnGitHub(
  browser: PlainBrowser,
  fields: Record<string, string> = written(),
): Promise<string> {
  const manifest = formOf((await browser.post(`${page.url}/setup`, fields)).text);
  const confirm = formOf((await browser.post(manifest.action, manifest.fields)).text);
  const { status, location } = await browser.post(new URL(confirm.action, github.url).href, confirm.fields);
  expect(status).toBe(302);
  return location;
}

const stored = () => readFile(join(folder, "data/github-app.json"), "utf8").then(JSON.parse);
const isStored = () =>
  stored().then(
    () => true,
    () => false,
  );

test("everything else says that there is no App yet", async () => {
  for (const path of ["/", "/publish", "/readyz", "/metrics", "/api/github/webhooks", "/publishes/1"]) {
    const answer = await fetch(`${page.url}${path}`, { method: path === "/publish" ? "POST" : "GET" });
    expect([path, answer.status]).toEqual([path, 503]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    const problem = await answer.json();
    expect(problem).toMatchObject({ code: "unavailable", detail: "No GitHub App is configured yet." });
  }
  const alive = await fetch(`${page.url}/healthz`);
  expect([alive.status, await alive.json()]).toEqual([200, { status: "ok" }]);
});

test("an App is made from app.yml, stored for this user alone, and what the server starts with", async () => {
  const browser = await entered();
  const reply = await browser.post(`${page.url}/setup`, written());
  const { action, fields } = formOf(reply.text);
  expect(action).toMatch(`${github.url}/organizations/acme/settings/apps/new?state=`);
  const { default_permissions, default_events } = parse(await readFile("app.yml", "utf8"));
  expect(JSON.parse(fields["manifest"] ?? "")).toMatchObject({
    ...{ name: "acme-promoter", url: page.url, public: false, default_permissions, default_events },
    ...{ hook_attributes: { url: `${page.url}/api/github/webhooks`, active: true } },
    redirect_url: `${page.url}/setup/callback`,
    callback_urls: [`${page.url}/dashboard/callback`],
  });
  const done = await browser.get(await madeOnGitHub(browser));
  expect(done.status).toBe(200);
  expect(done.text).toContain(`href="${github.url}/apps/chart-promoter/installations/new"`);
  await page.made;
  const app = await stored();
  expect(app).toMatchObject({ appId: 1, slug: "chart-promoter", privateKey: github.app.privateKey });
  expect((await stat(join(folder, "data/github-app.json"))).mode & 0o777).toBe(0o600);
  expect(done.text).not.toContain(app.webhookSecret);
  const read = async (path: string) => readFile(path);
  const DATA_DIR = join(folder, "data");
  expect(await withStoredApp({ DATA_DIR }, read)).toEqual({
    ok: true,
    value: {
      ...{ DATA_DIR, APP_ID: "1", PRIVATE_KEY: github.app.privateKey, WEBHOOK_SECRET: app.webhookSecret },
      ...{ GHE_HOST: env["GHE_HOST"], GHE_PROTOCOL: "http" },
      ...{ CLIENT_ID: github.app.clientId, CLIENT_SECRET: github.app.clientSecret },
    },
  });
  const named = { DATA_DIR, APP_ID: "7" };
  expect(await withStoredApp(named, read)).toEqual({ ok: true, value: named });
  await expect(fetch(`${page.url}/setup`)).rejects.toThrow();
});

test("a stored App that cannot be understood is told, and no other is made beside it", async () => {
  for (const text of ["{", "{}", '{"appId":"1"}']) {
    const stored = await withStoredApp({ DATA_DIR: "data" }, async () => Buffer.from(text));
    expect(stored).toMatchObject({
      ok: false,
      problems: [{ message: "data/github-app.json holds no App." }],
    });
  }
  const denied = async () => Promise.reject(Object.assign(new Error("no"), { code: "EACCES" }));
  expect((await withStoredApp({}, denied)).ok).toBe(false);
});

test("what is wrong with the form is said at once, and what was written stays", async () => {
  const browser = await entered();
  const fields = { ...written(), account: "@acme", name: "", publicUrl: "ftp://<b>" };
  const { status, text } = await browser.post(`${page.url}/setup`, fields);
  expect(status).toBe(400);
  for (const problem of [
    "The account is no login",
    "must have 1 to 34 characters",
    "public address is no http",
  ])
    expect(text).toContain(problem);
  expect(text).toContain('value="ftp://&lt;b&gt;"');
});

test("GitHub on the internet is told no address of this machine, unless a proxy takes its webhooks", async () => {
  const browser = await entered();
  const local = { ...written(), host: "github.com", publicUrl: "http://localhost:3000" };
  expect((await browser.post(`${page.url}/setup`, local)).text).toContain("cannot reach this machine");
  const proxied = await browser.post(`${page.url}/setup`, { ...local, webhookUrl: "https://smee.io/abc" });
  const { action, fields } = formOf(proxied.text);
  expect(action).toMatch(/^https:\/\/github\.com\/organizations\/acme\/settings\/apps\/new\?state=/);
  expect(JSON.parse(fields["manifest"] ?? "").hook_attributes.url).toBe("https://smee.io/abc");
});

describe("attacks", () => {
  test("the link counts once, and a new one is in the log", async () => {
    const [link = ""] = links;
    await entered();
    expect((await new PlainBrowser().get(link)).status).toBe(403);
    expect(links.length).toBe(2);
    expect(links[1]).not.toBe(links[0]);
  });

  test("a guessed, an empty or a repeated token opens nothing", async () => {
    for (const query of [
      "",
      "?token=",
      "?token=x",
      "?token[]=x",
      `?token=${"A".repeat(43)}`,
      "?token=a&token=b",
    ])
      expect([query, (await new PlainBrowser().get(`${page.url}/setup${query}`)).status]).toEqual([
        query,
        403,
      ]);
    expect((await new PlainBrowser().post(`${page.url}/setup`, written())).status).toBe(403);
    expect(links.length).toBe(1);
  });

  test("a form of another site's is not taken, whatever cookie the browser sends along", async () => {
    const browser = await entered();
    for (const origin of ["https://evil.example.com", "null"])
      expect((await browser.post(`${page.url}/setup`, written(), origin)).status).toBe(403);
  });

  test("a code without the state of this browser's own form is not exchanged", async () => {
    const browser = await entered();
    const back = new URL(await madeOnGitHub(browser));
    const [code, state] = [back.searchParams.get("code"), back.searchParams.get("state")];
    const callback = `${page.url}/setup/callback`;
    const strange = [
      await browser.get(`${callback}?code=${code}&state=other`),
      await browser.get(`${callback}?code=${code}`),
      await new PlainBrowser().get(`${callback}?code=${code}&state=${state}`),
    ];
    expect(strange.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(github.requests.all.filter(({ path }) => path.startsWith("/app-manifests"))).toEqual([]);
    expect(await isStored()).toBe(false);
  });

  test("an App that somebody else owns is not taken", async () => {
    const browser = await entered();
    const mine = formOf((await browser.post(`${page.url}/setup`, written())).text);
    // Mallory's own, with a code that GitHub gave for it, brought to the browser that asked for another.
    const manifest = JSON.stringify({ ...JSON.parse(mine.fields["manifest"] ?? ""), name: "mallory-app" });
    const theirs = new URL(mine.action).searchParams.get("state");
    const confirm = formOf(
      (await browser.post(`${github.url}/settings/apps/new?state=${theirs}`, { manifest })).text,
    );
    const { location } = await browser.post(new URL(confirm.action, github.url).href, confirm.fields);
    const { status, text } = await browser.get(location);
    expect([status, await isStored()]).toEqual([502, false]);
    expect(text).toContain("belongs to mallory, not to acme");
  });

  test("what came back is used once, also when it comes twice at the same moment", async () => {
    const browser = await entered();
    const back = await madeOnGitHub(browser);
    const answers = await Promise.all([browser.get(back), browser.get(back).catch(() => ({ status: 403 }))]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 403]));
  });

  test("the browser is sent to the GitHub that was written and to nowhere else", async () => {
    const browser = await entered();
    for (const host of ["github.com/evil", "evil.example.com@github.com", "github.com?x", "a b", "//evil"])
      expect((await browser.post(`${page.url}/setup`, { ...written(), host })).status).toBe(400);
    const { location } = await browser.get(
      `${page.url}/setup/callback?code=x&state=y&redirect=https://evil.example.com`,
    );
    expect(location).toBe("");
  });

  test("a code that leads to another place of the API is not asked for", async () => {
    const browser = await entered();
    const { action } = formOf((await browser.post(`${page.url}/setup`, written())).text);
    const state = new URL(action).searchParams.get("state");
    const code = encodeURIComponent("../app/installations/1/access_tokens?");
    const { status } = await browser.get(`${page.url}/setup/callback?code=${code}&state=${state}`);
    expect([status, await isStored()]).toEqual([502, false]);
  });

  test("pages are kept by no cache, framed by no site, and run no script", async () => {
    const browser = await entered();
    const { headers } = await browser.get(`${page.url}/setup`);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });
});
