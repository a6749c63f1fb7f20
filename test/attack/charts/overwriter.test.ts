// Somebody who can overwrite a chart in its repository: what was announced with other bytes is rejected, and nobody brings it
// back, not by a command, a poll, an upload or a second announcement.

import { expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed, until } from "../../stories/setting.ts";

const ANNOUNCED = `sha256:${"a".repeat(64)}`;
const OTHER = packChart({ name: "xposer", version: "1.0.2", description: "other bytes" });

const PROD = {
  ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n  prod:\n    path: prod\n",
  "prod/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "prod/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
};

/** 1.0.2 was announced with a digest that its repository does not have; 1.0.1 is an open promotion to comment on. */
async function rejected(): Promise<string> {
  await published("1.0.1");
  const { body } = await testBed.publish({ version: "1.0.2", digest: ANNOUNCED });
  await testBed.waitUntilIdle();
  expect(await testBed.publishState(body.id)).toMatchObject({ state: "rejected" });
  return body.id;
}

async function staysRejected(id: string): Promise<void> {
  await testBed.waitUntilIdle();
  expect(await testBed.publishState(id)).toMatchObject({
    state: "rejected",
    problem: { code: "chart-digest", message: expect.stringContaining(ANNOUNCED) },
  });
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
}

function answers(): readonly string[] {
  return [...testBed.repository().comments.values()]
    .map(({ body }) => body)
    .filter((body) => /answer/.test(body));
}

test("/promote does not bring it back, and says why", async () => {
  await live();
  const id = await rejected();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/promote 1.0.2");
  await staysRejected(id);
  expect(answers()).toEqual([
    expect.stringMatching(/was announced with `?sha256:a+.* but the chart repository has/),
  ]);
});

test("/promote of a version that was announced with other bytes and not looked at yet rejects it", async () => {
  await live();
  await published("1.0.1");
  const { body } = await testBed.announce({ version: "1.0.2", digest: ANNOUNCED });
  await testBed.waitUntilIdle();
  await testBed.museum.upload(OTHER);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/promote 1.0.2");
  await staysRejected(body.id);
});

test("an announcement with the digest that is there now is a conflict", async () => {
  await live();
  const id = await rejected();
  const { status } = await testBed.announce({ version: "1.0.2", digest: `sha256:${"b".repeat(64)}` });
  expect(status).toBe(409);
  expect((await testBed.announce({ version: "1.0.2" })).status).toBe(200);
  await staysRejected(id);
});

test("an upload over it, and a poll that finds it, change nothing", async () => {
  await live({ pollMs: 200 });
  const id = await rejected();
  const url = `${testBed.url()}/museum/stakater/api/charts?force`;
  const answer = await fetch(url, { method: "POST", body: new Uint8Array(OTHER) });
  expect(answer.status).toBe(201);
  expect(answer.headers.get("warning")).toMatch(/was announced before with the digest sha256:a/);
  const before = polls();
  await until(() => polls() > before + 2);
  await staysRejected(id);
});

function polls(): number {
  return testBed.museum.requests.filter(({ method, path }) => `${method} ${path}` === "GET /api/charts")
    .length;
}

test("another spelling of the version, or another environment, does not bring it back either", async () => {
  await live({ files: { ...configRepository(), ...PROD } });
  const id = await rejected();
  for (const command of [
    "/promote xposer 1.0.2 to prod",
    "/promote xposer 1.0.2 to dev",
    "/promote v1.0.2",
    "/promote 1.0.2+again",
    "/promote 1.0.2",
  ]) {
    testBed.alice.comment(CONFIG_REPOSITORY, 1, command);
    await testBed.waitUntilIdle();
  }
  expect(await testBed.publishState(id)).toMatchObject({
    state: "rejected",
    problem: { code: "chart-digest" },
  });
  expect(testBed.pulls().filter((pull) => !/ 1\.0\.1 in (?:dev|prod)$/.test(pull))).toEqual([]);
  expect(answers().length).toBe(5);
});

test("the same digest in capitals is the same digest", async () => {
  await live();
  const id = await rejected();
  const { status } = await testBed.announce({
    version: "1.0.2",
    digest: ANNOUNCED.replace("a".repeat(64), "A".repeat(64)),
  });
  expect(status).toBe(200);
  await staysRejected(id);
});
