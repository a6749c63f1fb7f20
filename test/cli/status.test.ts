// `status` and `publishes`: what waits and why, and whether GitHub is there.

import { expect, test } from "@jest/globals";
import { configRepository, MUSEUM_URL } from "../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../stories/setting.ts";
import { commandLine } from "../support/command-line.ts";

const TWO = {
  ...configRepository(),
  "prod/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "prod/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  "strict/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "strict/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  ".github/chart-promoter.yml":
    "environments:\n  dev:\n    path: dev\n  prod:\n    path: prod\n    after: dev\n  strict:\n    path: strict\n    charts: { xposer: { versions: '~1.0' } }\n",
};

async function run(...command: readonly string[]): Promise<string> {
  const { code, out } = await commandLine(command, { env: { DATA_DIR: testBed.settings.dataFolder } });
  expect(code).toBe(0);
  return out;
}

test("what waits is said to wait, and for what", async () => {
  await live({ files: TWO });
  const id = await published("1.1.0");
  const status = await run("status");
  expect(status).toContain("\nGitHub answers.\n");
  expect(status).toMatch(
    /^Promotion of xposer 1\.1\.0 to acme\/config prod: waiting, waits until 1\.1\.0 is deployed in dev$/m,
  );
  expect(status).toMatch(
    /^Promotion of xposer 1\.1\.0 to acme\/config strict: refused, .*versions is "~1\.0"/m,
  );
  expect(await run("publishes")).toContain("\n  prod: waiting, waits until 1.1.0 is deployed in dev\n");
  const { promotions } = await testBed.publishState(id);
  expect(promotions.find(({ environment }) => environment === "prod")).toMatchObject({
    state: "unchanged",
    waiting: true,
  });
  await testBed.stopServer();
  expect(await run("status")).toContain("\nNo server runs on this data folder.\n");
  await testBed.startServer();
}, 120_000);

test("that GitHub does not answer is said, with why", async () => {
  await live({});
  testBed.github.faults.plan(
    { times: 1000, match: ({ path }) => path.endsWith("/app") },
    { kind: "reset-before" },
  );
  expect(await run("status")).toMatch(/^GitHub does not answer: /m);
}, 120_000);
