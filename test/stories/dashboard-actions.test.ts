// What people have done from the dashboard: on GitHub under their own names, with the rights that GitHub gives them at that
// moment, and in the audit.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "@jest/globals";
import { connectControl } from "../../src/adapters/control/connect.ts";
import type { EventFacts } from "../../src/domain/model/history.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../src/sandbox/test-bed.ts";
import { startHook } from "../support/hook.ts";
import { SignedInBrowser } from "../support/signed-in-browser.ts";
import { closeAfterwards, live, published, testBed, until } from "./setting.ts";

const CHART = `/repositories/${CONFIG_REPOSITORY}/charts/xposer`;

interface Form {
  readonly label: string;
  readonly fields: Record<string, string>;
}

/** The forms of a page, by the words of their buttons. */
async function formsOf(browser: SignedInBrowser, path: string): Promise<readonly Form[]> {
  const { text } = await browser.get(path);
  return [...text.matchAll(/<form method="post" action="\/dashboard\/actions">(.*?)<\/form>/gs)].map(
    ([, form = ""]) => ({
      label: /<button>(.*?)<\/button>/.exec(form)?.[1] ?? "",
      fields: Object.fromEntries(
        [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
      ),
    }),
  );
}

async function fieldsOf(
  browser: SignedInBrowser,
  path: string,
  label: string,
): Promise<Record<string, string>> {
  const forms = await formsOf(browser, path);
  const form = forms.find((one) => one.label === label);
  if (!form) throw new Error(`${label} is none of ${forms.map((one) => one.label).join(", ")}`);
  return form.fields;
}

async function pressed(browser: SignedInBrowser, path: string, label: string) {
  const answer = await browser.post("/dashboard/actions", await fieldsOf(browser, path, label));
  await testBed.waitUntilIdle();
  return answer;
}

async function signedIn(login: string): Promise<SignedInBrowser> {
  const browser = new SignedInBrowser(testBed.url(), testBed.github.url, login);
  await browser.signIn();
  return browser;
}

/** What the audit has of what was asked for. */
async function requestedEvents(): Promise<readonly EventFacts[]> {
  const control = await connectControl(testBed.settings.dataFolder);
  const events = (await control?.history(new Date(0))) ?? [];
  return events.filter(({ kind }) => kind === "asked").map(({ facts }) => facts);
}

function comments(number = 1): readonly string[] {
  return [...testBed.repository().comments.values()]
    .filter((comment) => comment.number === number)
    .map(({ author, body }) => `${author.login}: ${body.split("\n")[0]}`);
}

function labels(): readonly string[] {
  const { labels: ids } = testBed.repository().mustThread(1);
  return ids.map((id) => testBed.repository().labels.get(id)?.name ?? "");
}

async function openPromotion(): Promise<void> {
  const hook = await startHook();
  closeAfterwards(() => hook.close());
  await live({
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
  await published("1.0.1");
}

async function reported(path: string, body: object): Promise<void> {
  const answer = await fetch(`${testBed.url()}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Basic ${btoa("hook:s")}` },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(204);
  await testBed.waitUntilIdle();
}

test("who may write holds a promotion and lets it go, as a command under their own name", async () => {
  await openPromotion();
  const alice = await signedIn("alice");
  const answer = await pressed(alice, CHART, "Hold #1");
  expect([answer.status, answer.location]).toEqual([303, `${CHART}?asked=hold`]);
  expect((await alice.get(answer.location)).text).toContain(
    "The command /hold stands under the pull request",
  );
  expect(labels()).toContain("promotion/hold");
  await until(async () => (await formsOf(alice, CHART)).some(({ label }) => label === "Let go #1"));
  await pressed(alice, CHART, "Let go #1");
  expect(labels()).not.toContain("promotion/hold");
  expect(comments().filter((one) => one.startsWith("alice"))).toEqual(["alice: /hold", "alice: /unhold"]);
}, 60_000);

test("the last deployment is deployed again, and a drift is healed, and both are on record", async () => {
  await openPromotion();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const first = [...testBed.repository().deployments.values()][0]?.id ?? 0;
  await reported(`/deployments/${first}/status`, { state: "success" });
  const alice = await signedIn("alice");
  await pressed(alice, CHART, "Deploy dev again");
  const repeated = () => [...testBed.repository().deployments.values()].at(-1);
  expect(repeated()).toMatchObject({ task: "redeploy", payload: { by: "alice" } });
  const refused = await alice.post("/dashboard/actions", await fieldsOf(alice, CHART, "Deploy dev again"));
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining("has not ended")]);
  const { id = 0, oid } = repeated() ?? {};
  await reported(`/deployments/${id}/status`, { state: "success" });
  const drift = [{ kind: "Deployment", namespace: "dev", name: "web", change: "changed", fields: ["spec"] }];
  await reported(`/deployments/${id}/drift`, { revision: oid, resources: drift });
  await until(async () => (await formsOf(alice, CHART)).some(({ label }) => label === "Heal dev"));
  await pressed(alice, CHART, "Heal dev");
  expect(repeated()).toMatchObject({ task: "heal", payload: { by: "alice" } });
  expect(comments()).toEqual(
    expect.arrayContaining([
      "alice: The last deployment of `dev` is to be deployed again. Asked for on the dashboard of chart-promoter.",
      "alice: The cluster of `dev` is to be healed. Asked for on the dashboard of chart-promoter.",
    ]),
  );
  const audit = await requestedEvents();
  expect(audit).toMatchObject([
    { by: "alice", door: "dashboard", command: "redeploy", pullRequest: 1 },
    { by: "alice", door: "dashboard", command: "redeploy", pullRequest: 1 },
    { by: "alice", door: "dashboard", command: "heal", pullRequest: 1 },
  ]);
}, 60_000);

test("who may read is offered nothing, and what they send all the same is refused", async () => {
  await openPromotion();
  const [alice, bob] = [await signedIn("alice"), await signedIn("bob")];
  expect(await formsOf(bob, CHART)).toEqual([]);
  const fields = await fieldsOf(alice, CHART, "Hold #1");
  const form = /name="form" value="([^"]+)"/.exec((await bob.get("/")).text)?.[1] ?? "";
  const refused = await bob.post("/dashboard/actions", { ...fields, form });
  expect([refused.status, refused.text]).toEqual([
    403,
    expect.stringContaining("GitHub does not let you write to acme/config."),
  ]);
  // What the page offered minutes ago is not what counts.
  testBed.github.repository(CONFIG_REPOSITORY).permissions.set("alice", "read");
  expect((await alice.post("/dashboard/actions", fields)).status).toBe(403);
  testBed.github.repository(CONFIG_REPOSITORY).permissions.set("alice", "write");
  testBed.github.fault({ match: ({ graphql }) => graphql?.operationName === "PersonalPermissions" }, "502");
  expect((await alice.post("/dashboard/actions", fields)).status).toBe(503);
  await testBed.waitUntilIdle();
  expect(labels()).toEqual([]);
  expect(comments().filter((one) => /^(alice|bob)/.test(one))).toEqual([]);
}, 60_000);

test("no other site, no other session, and no other repository has anything done", async () => {
  await openPromotion();
  const alice = await signedIn("alice");
  const fields = await fieldsOf(alice, CHART, "Hold #1");
  const others = await signedIn("alice");
  const tried = [
    await alice.post("/dashboard/actions", fields, "https://evil.example.com"),
    await alice.post("/dashboard/actions", fields, "null"),
    await others.post("/dashboard/actions", fields),
    await alice.post("/dashboard/actions", { ...fields, form: "" }),
    await alice.post("/dashboard/actions", { ...fields, repository: "1" }),
    await alice.post("/dashboard/actions", { ...fields, action: "merge" }),
    await alice.post("/dashboard/actions", { ...fields, number: "7" }),
  ];
  expect(tried.map(({ status }) => status)).toEqual([403, 403, 403, 403, 404, 404, 409]);
  const led = await alice.post("/dashboard/actions", { ...fields, back: "//evil.example.com" });
  expect(led.location).toBe("/?asked=hold");
  await testBed.waitUntilIdle();
  expect(comments().filter((one) => one.startsWith("alice"))).toEqual(["alice: /hold"]);
}, 60_000);

test("what was given up is tried again where one may write, and what is about no repository is not offered", async () => {
  await openPromotion();
  const { id } = testBed.repository();
  const [key, elsewhere] = [`check:${id}/pull/1`, "poll:stakater"];
  await testBed.stopServer();
  const given = new DatabaseSync(join(testBed.settings.dataFolder, "chart-promoter.sqlite"));
  for (const dead of [key, elsewhere])
    given
      .prepare("insert into dead (key, error, at, tries) values (?, 'It broke', ?, 9)")
      .run(dead, Date.now());
  given.close();
  await testBed.startServer();
  await testBed.waitUntilIdle();
  const [alice, bob] = [await signedIn("alice"), await signedIn("bob")];
  const page = (await bob.get("/queue")).text;
  expect([page.includes(key), page.includes(elsewhere)]).toEqual([true, false]);
  expect(await formsOf(bob, "/queue")).toEqual([]);
  const fields = await fieldsOf(alice, "/queue", "Try it again");
  const strange = await alice.post("/dashboard/actions", { ...fields, key: elsewhere });
  expect(strange.status).toBe(409);
  const { status, location } = await pressed(alice, "/queue", "Try it again");
  expect([status, location]).toEqual([303, "/queue?asked=replay"]);
  expect((await alice.get("/queue")).text).toContain("Nothing was given up.");
  expect(comments().at(-1)).toBe(
    `alice: The work on \`${key}\` was given up and is to be tried again. Asked for on the dashboard of chart-promoter.`,
  );
  expect(await requestedEvents()).toMatchObject([{ by: "alice", door: "dashboard", command: "replay", key }]);
}, 60_000);
