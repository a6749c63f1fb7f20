// A dashboard that shows what one may read on GitHub: signing in and out, what each person sees, and what is shown when
// GitHub cannot be asked.

import { expect, test } from "@jest/globals";
import type { WhichCall } from "../../src/sandbox/github/http/faults.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../src/sandbox/test-bed.ts";
import { SignedInBrowser } from "../support/signed-in-browser.ts";
import { live, published, testBed } from "./setting.ts";

const SECRET = "acme/secret";
const MINUTE = 60_000;

/** acme/config, which alice writes and bob reads, and acme/secret, which only carol may read. */
async function twoRepositories(): Promise<void> {
  await live({ dashboard: "github" });
  testBed.github.createRepository({
    name: SECRET,
    files: {
      ...configRepository(),
      ".github/chart-promoter.yml": "environments:\n  vault:\n    path: dev\n",
      "dev/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
    },
    people: { carol: "read" },
  });
  await testBed.restart();
  await testBed.waitUntilIdle();
}

const asksForPermissions: NonNullable<WhichCall["match"]> = ({ graphql }) =>
  graphql?.operationName === "PersonalPermissions";

async function signedIn(login: string): Promise<SignedInBrowser> {
  const browser = new SignedInBrowser(testBed.url(), testBed.github.url, login);
  expect((await browser.signIn()).url).toBe(`${testBed.url()}/`);
  return browser;
}

test("who is not signed in is asked to, sees nothing, and is led back to the page", async () => {
  await twoRepositories();
  const browser = new SignedInBrowser(testBed.url(), testBed.github.url, "bob");
  for (const path of ["/", "/queue", "/report", "/journeys/x", "/repositories/acme/config/charts/xposer"]) {
    const { text, url } = await browser.get(path);
    expect(url).toBe(`${testBed.url()}/dashboard/sign-in?to=${encodeURIComponent(path)}`);
    expect(text.replace(/ href="[^"]*"/g, "")).not.toMatch(/acme|xposer/);
  }
  const { url, text } = await browser.signIn("/queue");
  expect(url).toBe(`${testBed.url()}/queue`);
  expect(text).toContain("@bob");
}, 60_000);

test("each sees the repositories that they may read, on every page, and no others", async () => {
  await twoRepositories();
  const id = await published("1.0.1");
  const pulls = testBed.github.repository(SECRET).pulls();
  expect(pulls).toHaveLength(1);
  const [bob, carol, eve] = [await signedIn("bob"), await signedIn("carol"), await signedIn("eve")];
  const paths = ["/", "/queue", "/report", `/journeys/${id}`];
  const seen = async (browser: SignedInBrowser) =>
    (await Promise.all(paths.map(async (path) => (await browser.get(path)).text))).join("\n");
  const [bobs, carols, eves] = [await seen(bob), await seen(carol), await seen(eve)];
  expect([/acme\/config/.test(bobs), /acme\/secret|vault/.test(bobs)]).toEqual([true, false]);
  expect([/acme\/config/.test(carols), /acme\/secret/.test(carols)]).toEqual([false, true]);
  expect(eves).not.toMatch(/acme|vault|1\.0\.1/);
  expect((await eve.get(`/journeys/${id}`)).status).toBe(404);
  const chart = (name: string) => `/repositories/${name}/charts/xposer`;
  const statuses = async (browser: SignedInBrowser) =>
    Promise.all([CONFIG_REPOSITORY, SECRET].map(async (name) => (await browser.get(chart(name))).status));
  expect(await statuses(bob)).toEqual([200, 404]);
  expect(await statuses(carol)).toEqual([404, 200]);
  const number = pulls[0]?.number;
  const { id: secretId } = testBed.github.repository(SECRET);
  expect((await bob.once(`/pulls/${secretId}/${number}`)).status).toBe(404);
  expect((await carol.once(`/pulls/${secretId}/${number}`)).location).toBe(
    `${testBed.github.url}/${SECRET}/pull/${number}`,
  );
  expect(testBed.github.unmodelled).toEqual([]);
}, 60_000);

test("the event stream tells of what one may read", async () => {
  await twoRepositories();
  const listened = async (login: string) => (await signedIn(login)).listen();
  const [bob, eve] = [await listened("bob"), await listened("eve")];
  await published("1.0.1");
  await bob.until(/event: changed/);
  expect(eve.received()).not.toContain("changed");
  expect((await fetch(`${testBed.url()}/events`, { redirect: "manual" })).status).toBe(303);
  await Promise.all([bob.close(), eve.close()]);
}, 60_000);

test("what one may read is asked again after some minutes, and nothing is shown where GitHub cannot be asked", async () => {
  await twoRepositories();
  const bob = await signedIn("bob");
  expect((await bob.get("/")).text).toContain(CONFIG_REPOSITORY);
  const requests = () =>
    testBed.github.requests.all.filter(({ operationName }) => operationName === "PersonalPermissions").length;
  const before = requests();
  await bob.get("/queue");
  expect(requests()).toBe(before);
  testBed.github.repository(CONFIG_REPOSITORY).permissions.delete("bob");
  testBed.pass(6 * MINUTE);
  expect((await bob.get("/")).text).not.toContain(CONFIG_REPOSITORY);
  expect(requests()).toBe(before + 1);
  testBed.pass(12 * MINUTE);
  for (const fault of ["502", "primary-limit"] as const) {
    testBed.github.fault({ match: asksForPermissions }, fault);
    const { status, text } = await bob.get("/");
    expect([status, text]).toEqual([503, expect.stringContaining("GitHub could not be asked")]);
    expect(text).not.toMatch(/acme/);
  }
  expect((await bob.get("/")).status).toBe(200);
}, 60_000);

test("a token that expires is renewed, also by a server that was started since; one that was taken back ends the session", async () => {
  await twoRepositories();
  const bob = await signedIn("bob");
  await testBed.restart();
  bob.server = testBed.url();
  expect((await bob.get("/")).text).toContain(CONFIG_REPOSITORY);
  testBed.pass(8 * 60 * MINUTE);
  expect((await bob.get("/")).text).toContain(CONFIG_REPOSITORY);
  expect(testBed.github.authorizations.count).toBe(1);
  const carol = await signedIn("carol");
  expect((await carol.get("/")).text).toContain(SECRET);
  for (const login of ["bob", "carol"]) testBed.github.authorizations.takeBack(login);
  testBed.pass(6 * MINUTE);
  for (const browser of [bob, carol]) expect((await browser.get("/")).url).toContain("/dashboard/sign-in?");
}, 60_000);

test("a session ends by itself, and when one signs out: then its token is void, too", async () => {
  await twoRepositories();
  const [bob, carol] = [await signedIn("bob"), await signedIn("carol")];
  const { text } = await carol.get("/");
  const form = /name="form" value="([^"]+)"/.exec(text)?.[1] ?? "";
  expect((await carol.post("/dashboard/sign-out", { form: "wrong" })).status).toBe(403);
  expect(testBed.github.authorizations.count).toBe(2);
  const cookie = carol.cookies();
  await carol.post("/dashboard/sign-out", { form });
  expect(testBed.github.authorizations.count).toBe(1);
  const second = await fetch(testBed.url(), { headers: { cookie }, redirect: "manual" });
  expect(second.status).toBe(303);
  testBed.pass(13 * 60 * MINUTE);
  expect((await bob.get("/")).url).toContain("/dashboard/sign-in?");
}, 60_000);

test("who declines on GitHub, or comes back with a code that GitHub does not take, is told so", async () => {
  await twoRepositories();
  const browser = new SignedInBrowser(testBed.url(), testBed.github.url, "bob");
  const declined = await browser.signIn("/", "decline");
  expect([declined.status, declined.text]).toEqual([
    403,
    expect.stringContaining("GitHub says: access_denied."),
  ]);
  const state = await browser.start("/");
  const refused = await browser.get(`/dashboard/callback?code=made-up&state=${state}`);
  expect([refused.status, refused.text]).toEqual([
    502,
    expect.stringContaining("The code passed is incorrect or expired"),
  ]);
}, 60_000);
