// Other systems' webhooks, from senders that behave as those systems do, to the pull request.

import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "@jest/globals";
import { pushEvent, startDistributionQueue } from "../../../src/sandbox/senders/distribution-queue.ts";
import { gitHubHook } from "../../../src/sandbox/senders/github-hook.ts";
import { jfrogWebhook } from "../../../src/sandbox/senders/jfrog-webhook.ts";
import { quayNotification } from "../../../src/sandbox/senders/quay-notification.ts";
import { PIPELINE } from "../../../src/sandbox/test-bed.ts";
import { closeAfterwards, live, testBed, until } from "../setting.ts";

const CHART = "application/vnd.cncf.helm.config.v1+json";
const door = (system: string) => `${testBed.url()}/publish/${system}/${PIPELINE.name}`;

async function uploaded(version: string): Promise<void> {
  await testBed.museum.upload(testBed.pack(version));
}

function distributionQueue() {
  const target = { url: door("distribution"), headers: { authorization: `Bearer ${PIPELINE.secret}` } };
  const queue = startDistributionQueue(target, { backoffMs: 20 });
  closeAfterwards(async () => queue.stop());
  return queue;
}

const AUTHORISED = { authorization: `Bearer ${PIPELINE.secret}` };

/** An event as the system sends it, about xposer 1.0.1. */
function event(sample: string): string {
  const written = readFileSync(`fixtures/intake/${sample}.json`, "utf8");
  return written.replaceAll("web", "xposer").replaceAll("1.2.3", "1.0.1");
}

beforeEach(() => live());

test.each([
  "acr/push",
  "quay/repo-push",
  "dockerhub/push",
  "gitea/helm-package",
  "gitlab/release",
  "gitlab/registry-push",
  "eventbridge/image-push",
  "pubsub/unwrapped",
])("what %s tells becomes a pull request", async (sample) => {
  const [system = ""] = sample.split("/");
  await uploaded("1.0.1");
  const headers = { ...AUTHORISED, "content-type": "application/json" };
  const answer = await fetch(door(system), { method: "POST", headers, body: event(sample) });
  expect(answer.status).toBe(202);
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("Quay's notification is switched off by nothing that is refused", async () => {
  const notification = quayNotification({ url: door("quay"), headers: AUTHORISED });
  await uploaded("1.0.1");
  for (const tag of ["1.0.0+bad+tag", "latest", "2.0.0-"]) await notification.push("charts/xposer", [tag]);
  await notification.push("charts/somebody-elses", ["1.0.0"]);
  await notification.push("charts/xposer", ["1.0.1", "1.0"]);
  expect(notification.isEnabled()).toBe(true);
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("distribution's queue goes on past everything that is refused", async () => {
  const queue = distributionQueue();
  await uploaded("1.0.1");
  queue.push(pushEvent({ repository: "charts/somebody-elses", tag: "1.0.0", configType: CHART }));
  queue.push({ action: "push" });
  queue.push(pushEvent({ repository: "charts/xposer", tag: "1.0.1", configType: CHART }));
  await until(() => queue.pending() === 0);
  expect(queue.answers.map((answer) => answer?.status)).toEqual([202, 202, 202]);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("distribution's queue waits for credentials that are mended, and for a server that comes back", async () => {
  const target = { url: door("distribution"), headers: { authorization: "Bearer wrong" } };
  const stranger = startDistributionQueue(target, { backoffMs: 20 });
  closeAfterwards(async () => stranger.stop());
  stranger.push(pushEvent({ repository: "charts/xposer", tag: "1.0.1", configType: CHART }));
  await until(() => stranger.answers.length > 2);
  expect(new Set(stranger.answers.map((answer) => answer?.status))).toEqual(new Set([401]));
  expect(stranger.pending()).toBe(1);
});

test("what Artifactory says once, to nobody, is found by the poll", async () => {
  await testBed.stop();
  await live({ pollMs: 200 });
  const webhook = jfrogWebhook({ url: door("jfrog"), headers: { "x-jfrog-event-auth": PIPELINE.secret } });
  await testBed.stopServer();
  await uploaded("1.0.1");
  const data = {
    repo_key: "helm-local",
    path: "xposer-1.0.1.tgz",
    name: "xposer-1.0.1.tgz",
    sha256: "",
    size: 1,
  };
  await webhook.send({ domain: "artifact", type: "deployed", data });
  await testBed.startServer();
  expect(webhook.troubleshooting).toEqual([undefined]);
  await until(() => testBed.pulls().length === 1);
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("a digest that Artifactory tells of another file of the same name keeps nothing out", async () => {
  const webhook = jfrogWebhook({ url: door("jfrog"), headers: { "x-jfrog-event-auth": PIPELINE.secret } });
  const data = { repo_key: "helm-dev", path: "xposer-1.0.1.tgz", name: "xposer-1.0.1.tgz", size: 1 };
  await webhook.send({ domain: "artifact", type: "deployed", data: { ...data, sha256: "d".repeat(64) } });
  expect(webhook.troubleshooting).toMatchObject([{ status: 202 }]);
  const { status } = await testBed.publish({ version: "1.0.1" });
  expect(status).toBe(200);
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});

test("a delivery of GitHub's that found nobody is made again, and a third time changes nothing", async () => {
  const hook = gitHubHook({ url: () => door("ghcr"), secret: PIPELINE.secret });
  const version = {
    package_url: "ghcr.io/Acme/charts/xposer:1.0.1",
    container_metadata: { tag: { name: "1.0.1" }, manifest: { config: { media_type: CHART } } },
  };
  const payload = {
    action: "published",
    package: {
      package_type: "CONTAINER",
      name: "charts/xposer",
      namespace: "Acme",
      package_version: version,
    },
  };
  await uploaded("1.0.1");
  await testBed.stopServer();
  const id = await hook.deliver("package", payload);
  await testBed.startServer();
  await hook.redeliver(id);
  await hook.redeliver(id);
  expect(hook.statuses(id)).toEqual([undefined, 202, 200]);
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
});
