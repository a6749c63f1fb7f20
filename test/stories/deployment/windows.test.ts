// When it may be deployed: windows of an environment, and the operator's switch for whole repositories.

import { expect, test } from "@jest/globals";
import type { Pause } from "../../../src/domain/model/config/settings.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { type Hook, startHook } from "../../support/hook.ts";
import { closeAfterwards, live, published, testBed, until } from "../setting.ts";

const HOUR_MS = 3_600_000;

/** A window that begins at the full hour so many hours from now. */
function windowIn(hours: number, duration: string): string {
  const begin = new Date(Date.now() + hours * HOUR_MS);
  return `{ cron: "0 ${begin.getUTCHours()} * * *", duration: ${duration} }`;
}

function config(windows: string): string {
  return `environments:\n  dev:\n    path: dev\n    deploy: [hook]\n${windows}`;
}

async function hookTestBed(windows: string): Promise<Hook> {
  const hook = await startHook();
  closeAfterwards(() => hook.close());
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": config(windows) },
    deployers: [
      { kind: "webhook", name: "hook", url: `${hook.url}/hook`, secret: "s", repositories: ["*/*"] },
    ],
  });
  return hook;
}

function deployments(): readonly string[] {
  return [...testBed.repository().deployments.values()].map(({ statuses }) => {
    const last = statuses.at(-1);
    return `${last?.state}: ${last?.description}`;
  });
}

function check() {
  const run = [...testBed.repository().checkRuns.values()].at(-1);
  return `${run?.conclusion ?? run?.status}: ${run?.output.title}\n${run?.output.summary}`;
}

async function configure(windows: string): Promise<void> {
  const files = { ".github/chart-promoter.yml": config(windows) };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
}

test("outside its windows a merge waits for the next one, which check and deployment name; without windows it goes out", async () => {
  const hook = await hookTestBed(`    windows:\n      allow:\n        - ${windowIn(5, "1h")}\n`);
  await published("1.0.1");
  expect(check()).toMatch(/^success: Good to merge: xposer 1\.0\.1 in dev\n/);
  expect(check()).toMatch(
    /What is merged is deployed within 0 \d+ \\\* \\\* \\\* for 1h \(UTC\) only, unless it has the label emergency\./,
  );
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const opens = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 5 * HOUR_MS).toISOString();
  expect(deployments()).toEqual([
    `pending: Held until ${opens.slice(0, 16).replace("T", " ")} UTC, or until the label emergency is put on: outside its windows for deployments`,
  ]);
  expect(hook.received).toEqual([]);
  await configure("");
  await until(() => hook.received.length === 1);
});

test("windows hold also what was merged before they closed and waits for another deployment", async () => {
  const hook = await hookTestBed("");
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => hook.received.length === 1);
  await published("1.0.2");
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  await configure(`    windows:\n      deny:\n        - ${windowIn(-1, "3h")}\n`);
  const { DEPLOYMENT_ID: id }: { DEPLOYMENT_ID: string } = JSON.parse(hook.received[0]?.body ?? "");
  await fetch(`${testBed.url()}/deployments/${id}/status`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from("hook:s").toString("base64")}`,
    },
    body: JSON.stringify({ state: "success" }),
  });
  await testBed.waitUntilIdle();
  expect(deployments()).toEqual([
    expect.stringMatching(/^success/),
    expect.stringMatching(
      /^pending: Held until .*: nothing is deployed during 0 \d+ \* \* \* for 3h \(UTC\)$/,
    ),
  ]);
  expect(hook.received).toHaveLength(1);
  testBed.alice.label(CONFIG_REPOSITORY, 2, "emergency");
  await until(() => hook.received.length === 2);
});

test("within its windows a merge is deployed at once", async () => {
  const hook = await hookTestBed(`    windows:\n      allow:\n        - ${windowIn(-1, "23h")}\n`);
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => hook.received.length === 1);
});

test("the operator's switch holds checks and deployments, whatever label is on, until the server starts without it", async () => {
  const hook = await hookTestBed("");
  await published("1.0.1");
  expect(check()).toMatch(/^success/);
  await testBed.stopServer();
  const pauses: readonly Pause[] = [{ repositories: ["acme/*"], reason: "the cluster moves" }];
  Object.assign(testBed.settings, { pauses });
  await testBed.startServer();
  await testBed.waitUntilIdle();
  expect(check()).toMatch(
    /^in_progress: Nothing is deployed to dev for now: the server's operator paused it \(the cluster moves\)\./,
  );
  testBed.alice.label(CONFIG_REPOSITORY, 1, "emergency");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(deployments()).toEqual([
    "pending: Held back: the server's operator lets nothing be deployed here: the cluster moves",
  ]);
  expect(hook.received).toEqual([]);
  await testBed.stopServer();
  Object.assign(testBed.settings, { pauses: [{ repositories: ["others/*"], reason: "the cluster moves" }] });
  await testBed.startServer();
  await until(() => hook.received.length === 1);
});

test("what is held under a name that its environment has no more waits under the new one, and goes out once", async () => {
  const hook = await hookTestBed(`    windows:\n      allow:\n        - ${windowIn(5, "1h")}\n`);
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => deployments().join().includes("Held until"));
  const renamed = (windows: string) =>
    testBed.alice.push(CONFIG_REPOSITORY, {
      branch: "main",
      files: { ".github/chart-promoter.yml": config(windows).replace("dev:", "next:") },
    });
  renamed(`    windows:\n      allow:\n        - ${windowIn(5, "1h")}\n`);
  await until(() => deployments().length === 2 && deployments()[0]?.startsWith("inactive") === true);
  expect(deployments()).toEqual([
    "inactive: Environment dev is not in the config any more, and so not deployed",
    expect.stringMatching(/^pending: Held until /),
  ]);
  expect(hook.received).toEqual([]);
  renamed("");
  await until(() => hook.received.length === 1);
  await testBed.restart();
  expect(hook.received.map(({ body }) => JSON.parse(body).ENVIRONMENT)).toEqual(["next"]);
});
