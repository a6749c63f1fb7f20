// Who wants to be somebody else on the dashboard, or to have somebody else be them: open redirects, sessions that are fixed
// beforehand, sign-ins that the browser did not ask for, states that are used again, cookies and databases that are read.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { configRepository, startTestBed, type TestBed } from "../../../src/sandbox/test-bed.ts";
import { SignedInBrowser } from "../../support/signed-in-browser.ts";

const SESSION = "__Host-chart-promoter";

let testBed: TestBed;

beforeEach(async () => {
  testBed = await startTestBed({ dashboard: "github", files: configRepository() });
}, 60_000);
afterEach(() => testBed.stop());

function browserOf(login: string): SignedInBrowser {
  return new SignedInBrowser(testBed.url(), testBed.github.url, login);
}

async function isIn(browser: SignedInBrowser, login: string): Promise<boolean> {
  const { text } = await browser.get("/");
  return text.includes(`@${login} `);
}

test.each([
  "https://evil.example.com/",
  "//evil.example.com/",
  "/\\evil.example.com/",
  "/.//evil.example.com/",
  "/..//evil.example.com",
  "\t//evil.example.com",
  "javascript:alert(1)",
  "http:evil.example.com",
  "/%0d%0aset-cookie: x=y",
])("nobody is led to another place after signing in: %j", async (to) => {
  const browser = browserOf("bob");
  const { text } = await browser.get(`/dashboard/sign-in?to=${encodeURIComponent(to)}`);
  const start = /href="(\/dashboard\/sign-in\/start[^"]*)"/.exec(text)?.[1] ?? "";
  expect(decodeURIComponent(start)).toMatch(/^\/dashboard\/sign-in\/start\?to=\/($|[^/\\])/);
  const back = await browser.authorize(to);
  const { location, status } = await browser.once(back);
  expect(status).toBe(303);
  expect(new URL(location, testBed.url()).origin).toBe(testBed.url());
  expect(location).toMatch(/^\/($|[^/\\])/);
});

test("a session that was put into a browser beforehand is not the one that signs in", async () => {
  const mallory = browserOf("mallory");
  const fixed = "A".repeat(43);
  const victim = browserOf("bob");
  victim.setCookie(SESSION, fixed);
  await victim.signIn();
  expect(victim.cookies()).not.toContain(fixed);
  mallory.setCookie(SESSION, fixed);
  expect(await isIn(victim, "bob")).toBe(true);
  expect(await isIn(mallory, "bob")).toBe(false);
});

test("one's own session, put into another's browser, is over when that other signs in", async () => {
  const mallory = browserOf("mallory");
  await mallory.signIn();
  const victim = browserOf("bob");
  victim.setCookie(SESSION, mallory.cookies().split("=")[1] ?? "");
  await victim.signIn();
  expect([await isIn(victim, "bob"), await isIn(mallory, "bob"), await isIn(mallory, "mallory")]).toEqual([
    true,
    false,
    false,
  ]);
});

test("a browser is not signed in as somebody whose code it is made to bring", async () => {
  const mallory = browserOf("mallory");
  const hers = await mallory.authorize();
  const victim = browserOf("bob");
  expect((await victim.once(hers)).status).toBe(403);
  // Also where the victim is about to sign in.
  await victim.start("/");
  const { status, setCookies } = await victim.once(hers);
  expect(status).toBe(403);
  expect(setCookies.filter((one) => one.startsWith(`${SESSION}=`))).toEqual([]);
  // With the victim's own state, GitHub wants the verifier of who asked for the code.
  const state = await victim.start("/");
  const mixed = new URL(hers);
  mixed.searchParams.set("state", state);
  expect((await victim.once(mixed.href)).status).toBe(502);
  expect(await isIn(victim, "mallory")).toBe(false);
});

test("what came back from GitHub counts once, for one browser", async () => {
  const browser = browserOf("bob");
  const back = await browser.authorize();
  const pending = browser.cookies();
  expect((await browser.once(back)).status).toBe(303);
  expect((await browser.once(back)).status).toBe(403);
  const thief = browserOf("mallory");
  for (const one of pending.split("; ")) thief.setCookie(one.split("=")[0] ?? "", one.split("=")[1] ?? "");
  const { status, setCookies } = await thief.once(back);
  expect([status, setCookies.filter((one) => one.startsWith(`${SESSION}=`))]).toEqual([502, []]);
});

test("codes that nobody was given are not exchanged without end", async () => {
  const exchanges = () =>
    testBed.github.requests.all.filter(({ path }) => path === "/login/oauth/access_token").length;
  const stranger = browserOf("mallory");
  for (const kept of ["a.b.Lw", "a", "", "a.b", `${Buffer.from('{"state":"a"}').toString("base64url")}.b`]) {
    stranger.setCookie("__Host-chart-promoter-sign-in", kept);
    expect((await stranger.once("/dashboard/callback?code=junk&state=a")).status).toBe(403);
  }
  expect(exchanges()).toBe(0);
  // One sign-in that was begun, brought back a hundred times.
  const state = await stranger.start("/");
  const [name = "", kept = ""] = stranger.cookies().split("=");
  const statuses: number[] = [];
  for (let n = 0; n < 100; n++) {
    stranger.setCookie(name, kept);
    statuses.push((await stranger.once(`/dashboard/callback?code=junk${n}&state=${state}`)).status);
  }
  expect(new Set(statuses)).toEqual(new Set([502, 429]));
  expect(statuses.slice(0, 15).every((status) => status === 502)).toBe(true);
  expect(exchanges()).toBeLessThan(25);
});

test("who signs in takes nothing of what is left for others", async () => {
  for (let n = 0; n < 30; n++) expect((await browserOf("bob").signIn()).status).toBe(200);
});

test("cookies go over TLS to this host only, to no script, and to no form of another site", async () => {
  const browser = browserOf("bob");
  const started = await browser.once("/dashboard/sign-in/start");
  const back = await browser.authorize();
  const done = await browser.once(back);
  for (const one of [...started.setCookies, ...done.setCookies])
    expect(one).toMatch(/^__Host-[^=]+=[\w.-]*; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/);
  const { text } = await browser.get("/");
  const form = /name="form" value="([^"]+)"/.exec(text)?.[1] ?? "";
  const forged = await browser.post("/dashboard/sign-out", { form }, "https://evil.example.com");
  expect(forged.status).toBe(403);
  const unsaid = await browser.once("/dashboard/sign-out", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ form }).toString(),
  });
  expect(unsaid.status).toBe(403);
  expect(await isIn(browser, "bob")).toBe(true);
});

test("who reads the database has neither a session nor a token", async () => {
  const browser = browserOf("bob");
  await browser.signIn();
  const folder = testBed.settings.dataFolder;
  const files = await readdir(folder);
  const bytes = await Promise.all(
    files
      .filter((name) => !name.endsWith(".sock"))
      .map((name) => readFile(join(folder, name)).catch(() => Buffer.of())),
  );
  const kept = Buffer.concat(bytes).toString("latin1");
  expect(kept).toContain("sessions");
  expect(kept).not.toMatch(/gh[ur]_/);
  expect(kept).not.toContain(browser.cookies().split("=")[1]);
});

test("no page is kept, framed, or read as something else, whoever reads it", async () => {
  const browser = browserOf("bob");
  await browser.signIn();
  const paths = [
    "/",
    "/?page=2",
    "/queue",
    "/report",
    "/journeys/1",
    "/pulls/1/1",
    "/dashboard/sign-in",
    "/dashboard/callback",
  ];
  for (const path of [...paths, "/repositories/acme/config/charts/xposer", "/repositories/a/b/charts/c"]) {
    for (const cookie of [browser.cookies(), ""]) {
      const { headers } = await fetch(new URL(path, testBed.url()), {
        redirect: "manual",
        headers: { cookie },
      });
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
    }
  }
});

test("no form does anything without where it comes from and the word of its session", async () => {
  const browser = browserOf("alice");
  await browser.signIn();
  const evil = "https://evil.example.com";
  for (const path of ["/dashboard/actions", "/dashboard/sign-out"])
    for (const [form, origin] of [
      ["", testBed.url()],
      ["x", testBed.url()],
      ["x", evil],
      ["x", "null"],
      ["x", testBed.url().replace(/:\d+$/, "")],
    ] as const)
      expect(
        (await browser.post(path, { form, action: "hold", repository: "1", number: "1" }, origin)).status,
      ).toBe(403);
  expect(await isIn(browser, "alice")).toBe(true);
});
