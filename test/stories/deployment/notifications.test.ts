// Who is told of what happens: the right ones, in their own form, once, and never before the fact.

import { expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import type { Recipient } from "../../../src/domain/model/config/settings.ts";
import { TOLD_KINDS } from "../../../src/domain/model/history.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { type Hook, type Received, startHook } from "../../support/hook.ts";
import {
  deployed,
  driftConfig,
  drifted,
  ended,
  newestDeployment,
  SCALED,
  watchedTestBed,
} from "../drift/drift-test-bed.ts";
import { closeAfterwards, live, pass, published, testBed, until } from "../setting.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const CONFIG = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";

/** A deployer, and one address for every recipient, told apart by the path. */
async function notifiedTestBed(recipients: readonly Partial<Recipient>[]): Promise<Hook> {
  const hook = await startHook();
  closeAfterwards(() => hook.close());
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": CONFIG },
    deployers: [
      { kind: "webhook", name: "hook", url: `${hook.url}/deploy`, secret: "s", repositories: ["*/*"] },
    ],
    recipients: recipients.map((one) => ({
      ...{ name: "", kind: "webhook", url: `${hook.url}/${one.name}`, secret: SECRET },
      ...{ events: TOLD_KINDS, ...one },
    })),
  });
  return hook;
}

function toldTo(hook: Hook, name: string): readonly Received[] {
  return hook.received.filter(({ path }) => path === `/${name}`);
}

function textsTo(hook: Hook, name: string): readonly string[] {
  return toldTo(hook, name).map(({ body }) => {
    const { type, data }: { type: string; data: { text: string; url?: string } } = JSON.parse(body);
    return `${type} ${data.text} ${data.url?.replace(testBed.github.url, "")}`;
  });
}

async function report(hook: Hook, state: string): Promise<void> {
  const { body } = toldTo(hook, "deploy").at(-1) ?? { body: "{}" };
  const { DEPLOYMENT_ID: id }: { DEPLOYMENT_ID: string } = JSON.parse(body);
  await fetch(`${testBed.url()}/deployments/${id}/status`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from("hook:s").toString("base64")}`,
    },
    body: JSON.stringify({ state, description: "as <b>told</b>" }),
  });
  await testBed.waitUntilIdle();
}

async function throughTestBed(hook: Hook, end: string): Promise<void> {
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => toldTo(hook, "deploy").length === 1);
  await report(hook, end);
}

test("a webhook is told of each step once, signed, and of nothing that has not happened", async () => {
  const hook = await notifiedTestBed([{ name: "all" }]);
  await published("1.0.1");
  const proposed = "chart-promoter.proposed xposer 1.0.1 is proposed for dev of acme/config.";
  await until(() => toldTo(hook, "all").length === 1);
  expect(textsTo(hook, "all")).toEqual([`${proposed} /acme/config/pull/1`]);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => toldTo(hook, "deploy").length === 1);
  expect(textsTo(hook, "all").at(-1)).toBe(
    "chart-promoter.merged #1 was merged for dev of acme/config: xposer 1.0.0 → 1.0.1. /acme/config/pull/1",
  );
  for (const state of ["success", "success"]) await report(hook, state);
  await until(() => toldTo(hook, "all").length === 3);
  for (const { id } of testBed.github.webhooks.deliveries) testBed.github.webhooks.redeliver(id);
  await testBed.restart();
  await testBed.waitUntilIdle();
  expect(textsTo(hook, "all").slice(2)).toEqual([
    "chart-promoter.deployed dev of acme/config was deployed: xposer 1.0.0 → 1.0.1. /acme/config/pull/1",
  ]);
  for (const { body, headers } of toldTo(hook, "all"))
    new Webhook(SECRET).verify(body, {
      "webhook-id": String(headers["webhook-id"]),
      "webhook-timestamp": String(headers["webhook-timestamp"]),
      "webhook-signature": String(headers["webhook-signature"]),
    });
}, 60_000);

test("recipients are told of the events, repositories and environments that they want", async () => {
  const hook = await notifiedTestBed([
    { name: "failures", events: ["failed"] },
    { name: "dev", repositories: ["acme/*#dev"] },
    { name: "prod", repositories: ["acme/*#prod"] },
    { name: "strangers", repositories: ["stranger/*"] },
    { name: "rejections", events: ["rejected"] },
  ]);
  await throughTestBed(hook, "failure");
  await until(() => toldTo(hook, "dev").length === 3);
  const failed =
    "chart-promoter.failed Deploying dev of acme/config failed: xposer 1.0.0 → 1.0.1. hook: as <b>told</b> /acme/config/pull/1";
  expect(textsTo(hook, "failures")).toEqual([failed]);
  expect(textsTo(hook, "dev").map((text) => text.split(" ")[0])).toEqual(
    ["proposed", "merged", "failed"].map((kind) => `chart-promoter.${kind}`),
  );
  expect([...toldTo(hook, "prod"), ...toldTo(hook, "strangers"), ...toldTo(hook, "rejections")]).toEqual([]);
}, 60_000);

test("Slack, Teams and CDEvents are told in their own form", async () => {
  const hook = await notifiedTestBed([
    { name: "slack", kind: "slack" },
    { name: "teams", kind: "teams" },
    { name: "cdevents", kind: "cdevents" },
  ]);
  await throughTestBed(hook, "failure");
  await until(() => hook.received.length === 10);
  const last = (name: string) => toldTo(hook, name).at(-1)?.body ?? "";
  const url = `${testBed.github.url}/acme/config/pull/1`;
  const sentence = "Deploying dev of acme/config failed: xposer 1.0.0 → 1.0.1. hook: as ";
  expect(JSON.parse(last("slack"))).toEqual({
    text: `${sentence}&lt;b&gt;told&lt;/b&gt; <${url}|#1>`,
  });
  expect(JSON.parse(last("teams")).attachments).toMatchObject([
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      content: {
        body: [{ inlines: [{ type: "TextRun", text: `${sentence}<b>told</b>` }] }],
        actions: [{ type: "Action.OpenUrl", title: "#1", url }],
      },
    },
  ]);
  const types = toldTo(hook, "cdevents").map(({ headers }) => headers["ce-type"]);
  expect(types).toEqual(
    ["change.created.0.4.0", "change.merged.0.3.0", "incident.detected.0.3.0"].map(
      (one) => `dev.cdevents.${one}`,
    ),
  );
  expect(JSON.parse(last("cdevents"))).toMatchObject({
    context: { specversion: "0.5.1", source: `${testBed.github.url}/acme/config` },
    subject: { content: { environment: { id: "dev" } } },
  });
}, 60_000);

test("who does not answer, hangs up or is busy is told later, in order, and nobody else waits for that", async () => {
  const hook = await notifiedTestBed([{ name: "first" }]);
  hook.answerNext(500, "hang up", 404, 503);
  await published("1.0.1");
  await until(() => toldTo(hook, "first").length === 5);
  expect(new Set(toldTo(hook, "first").map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  await testBed.waitUntilIdle();
  expect(toldTo(hook, "first")).toHaveLength(5);
}, 60_000);

test("what cannot be told while nobody listens is told after a restart; what is malformed for it is left out", async () => {
  const hook = await notifiedTestBed([{ name: "team" }]);
  hook.answerNext(500, 500, 500, 500);
  await testBed.publish({ version: "1.0.1" });
  await until(() => toldTo(hook, "team").length > 0);
  await testBed.restart();
  await until(() => toldTo(hook, "team").length === 5);
  hook.answerNext(400);
  await published("1.0.2");
  await until(() => toldTo(hook, "team").length === 6);
  await published("1.0.3");
  await until(() => toldTo(hook, "team").length === 7);
}, 60_000);

test("a broken configuration, a rejected publish and work that was given up are told of", async () => {
  const hook = await notifiedTestBed([{ name: "operator" }]);
  const files = { ".github/chart-promoter.yml": "environments:\n  dev:\n    pth: dev\n" };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await until(() => toldTo(hook, "operator").length === 1);
  expect(textsTo(hook, "operator")).toEqual([
    expect.stringMatching(
      /^chart-promoter\.config-broken \.github\/chart-promoter\.yml of acme\/config cannot be used\. environments\.dev\.pth: the key "pth" is not known\. \/acme\/config$/,
    ),
  ]);
  await testBed.museum.upload(testBed.pack("2.0.0"));
  await testBed.announce({ version: "2.0.0", digest: `sha256:${"0".repeat(64)}` });
  await until(() => toldTo(hook, "operator").length === 2);
  expect(textsTo(hook, "operator")[1]).toMatch(
    /^chart-promoter\.rejected The publish of xposer 2\.0\.0 was rejected\. /,
  );
}, 60_000);

/** One recipient, and an environment that is watched. */
async function driftNotifiedTestBed(drift: string, events: Recipient["events"]): Promise<Hook> {
  const hook = await startHook();
  closeAfterwards(() => hook.close());
  const team = { name: "team", kind: "webhook", url: `${hook.url}/team`, secret: SECRET, events } as const;
  await watchedTestBed(driftConfig(drift), [team]);
  return hook;
}

test("a drift and its heal are told of, each once", async () => {
  const hook = await driftNotifiedTestBed("{ heal: on }", ["drifted", "healed", "deployed", "failed"]);
  await drifted(await deployed());
  await ended(newestDeployment().id, "success");
  await drifted(newestDeployment(), []);
  await until(() => hook.received.length === 3);
  expect(textsTo(hook, "team")).toEqual([
    expect.stringMatching(/^chart-promoter\.deployed /),
    "chart-promoter.drifted The cluster of dev of acme/config differs from what was deployed. 1 resource differs. /acme/config",
    "chart-promoter.healed The cluster of dev of acme/config was healed: the commit that stood there was deployed again. /acme/config/pull/1",
  ]);
}, 60_000);

const DRIFTED =
  "chart-promoter.drifted The cluster of dev of acme/config differs from what was deployed. 1 resource differs. /acme/config";

test.each(["500", "reset-after-effect"] as const)(
  "a drift is told of once also where its issue is answered with %s",
  async (kind) => {
    const hook = await driftNotifiedTestBed("{ heal: off }", ["drifted"]);
    const deployment = await deployed();
    testBed.github.fault({ match: ({ graphql }) => graphql?.operationName === "Issue" }, kind);
    await drifted(deployment);
    await until(() => hook.received.length > 0);
    expect(testBed.github.faults.pending).toBe(false);
    await drifted(deployment, [SCALED, { ...SCALED, name: "api" }]);
    expect(textsTo(hook, "team")).toEqual([DRIFTED]);
  },
  60_000,
);

test("a drift is told of where the issue is open because nobody had reported; each one once", async () => {
  const hook = await driftNotifiedTestBed("{ every: 30s }", ["drifted"]);
  const deployment = await deployed();
  await drifted(deployment, []);
  await pass(90_000);
  await drifted(deployment);
  await pass(90_000);
  await drifted(deployment);
  expect(textsTo(hook, "team")).toEqual([DRIFTED]);
  await drifted(deployment, []);
  await drifted(deployment);
  await until(() => hook.received.length > 1);
  expect(textsTo(hook, "team")).toEqual([DRIFTED, DRIFTED]);
}, 60_000);

test("what is deployed once more is told as that, with nothing that moved", async () => {
  const hook = await notifiedTestBed([
    { name: "team", events: ["deployed"] },
    { name: "cloud", kind: "cdevents", events: ["deployed"] },
  ]);
  await throughTestBed(hook, "success");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/redeploy");
  await until(() => toldTo(hook, "deploy").length === 2);
  await report(hook, "success");
  await until(() => toldTo(hook, "team").length === 2);
  expect(textsTo(hook, "team")[1]).toBe(
    "chart-promoter.deployed dev of acme/config was deployed again. /acme/config/pull/1",
  );
  await until(() => toldTo(hook, "cloud").length === 2);
  expect(toldTo(hook, "cloud").map(({ headers }) => headers["ce-type"])).toEqual([
    "dev.cdevents.service.upgraded.0.3.0",
    "dev.cdevents.environment.modified.0.3.0",
  ]);
}, 60_000);
