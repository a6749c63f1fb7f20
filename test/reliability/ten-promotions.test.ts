// Ten promotions open on one requirements.yaml, merged one after another: every merge changes the file under the other nine.

import { afterEach, expect, test } from "@jest/globals";
import { MUSEUM_URL } from "../../src/sandbox/test-bed.ts";
import { type MultiTenantTestBed, startMultiTenantTestBed } from "./multi-tenant-test-bed.ts";

const CHARTS = Array.from({ length: 10 }, (_, n) => `xposer-${n}`);
const REQUIREMENTS = "dev/requirements.yaml";

let testBed: MultiTenantTestBed;
afterEach(() => testBed.stop());

function requirements(version: string): string {
  const entry = (name: string) =>
    `  - name: ${name}\n    version: ${version}\n    repository: ${MUSEUM_URL}\n`;
  return `dependencies:\n${CHARTS.map(entry).join("")}`;
}

test("all end merged with every bump present; rebuilding one costs two mutations and no query of its own", async () => {
  const files = {
    ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n",
    "dev/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [REQUIREMENTS]: requirements("1.0.0"),
  };
  testBed = await startMultiTenantTestBed({ accounts: ["acme"], charts: CHARTS, files });
  await testBed.start();
  for (const chart of CHARTS) await testBed.publish("1.0.1", chart);
  await testBed.waitUntilIdle();
  const repository = testBed.repository("acme");
  const open = () => repository.pulls().filter(({ state }) => state === "open");
  expect(open()).toHaveLength(10);
  let rebuilds = 0;
  let reads = 0;
  for (let left = 10; left > 0; left--) {
    testBed.github.requests.mark();
    testBed.alice.merge("acme/config", open()[0]?.number ?? 0);
    await testBed.waitUntilIdle();
    const names = testBed.requestsOf("acme").map(({ operationName }) => operationName);
    const count = (name: string) => names.filter((other) => other === name).length;
    expect([left, count("Stage"), count("Promote")]).toEqual([left, left - 1, left - 1]);
    // One read for what was merged and for all that is rebuilt, and another when the webhooks come apart.
    expect(count("RepositoryState")).toBeLessThanOrEqual(2);
    reads += count("RepositoryState");
    rebuilds += count("Stage");
  }
  expect(rebuilds).toBe(45);
  expect(reads).toBeLessThanOrEqual(20);
  expect(repository.pulls().map(({ merge }) => merge !== undefined)).toEqual(CHARTS.map(() => true));
  const main = repository.objects.mustCommit(repository.branch("main") ?? "");
  expect(testBed.textOn("acme", "main", REQUIREMENTS)).toBe(requirements("1.0.1"));
  expect(main.parents).toHaveLength(2);
  expect([...repository.deployments.values()].map(({ environment }) => environment)).toEqual(
    CHARTS.map(() => "dev"),
  );
  const stages = [...repository.refs.keys()].filter((name) => name.includes("promote-stage"));
  expect(stages).toEqual([]);
});
