// What a promotion costs the chart repository, and what is said of an archive that is not the one it lists.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { MUSEUM_URL, startTestBed, type TestBed } from "../../../src/sandbox/test-bed.ts";

let testBed: TestBed;

const UMBRELLA = `apiVersion: v1\nname: umbrella\nversion: 0.1.0\n`;
const REQUIREMENTS = `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;
const ENVIRONMENTS = ["dev", "staging", "prod"];

beforeEach(async () => {
  const folders = ENVIRONMENTS.flatMap((name) => [
    [`${name}/Chart.yaml`, UMBRELLA],
    [`${name}/requirements.yaml`, REQUIREMENTS],
  ]);
  const config = `environments:\n${ENVIRONMENTS.map((name) => `  ${name}: { path: ${name} }\n`).join("")}`;
  testBed = await startTestBed({
    files: { ".github/chart-promoter.yml": config, ...Object.fromEntries(folders) },
  });
});
afterEach(() => testBed.stop());

function fetchesOf(version: string): number {
  return testBed.museum.requests.filter(({ path }) => path === `/charts/xposer-${version}.tgz`).length;
}

test("three pull requests and their checks fetch each archive once", async () => {
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toHaveLength(3);
  const runs = [...testBed.repository().checkRuns.values()];
  expect(runs.map(({ conclusion }) => conclusion)).toEqual(["success", "success", "success"]);
  expect([fetchesOf("1.0.0"), fetchesOf("1.0.1")]).toEqual([1, 1]);
});

test("an archive of other bytes than its repository lists fails the check", async () => {
  const replaced = packChart({ name: "xposer", version: "1.0.1", description: "replaced" });
  testBed.museum.faults.add(
    { kind: "status", status: 200, body: replaced.toString() },
    { match: /xposer-1\.0\.1\.tgz/ },
  );
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  const [run] = [...testBed.repository().checkRuns.values()];
  expect(run).toMatchObject({
    conclusion: "failure",
    output: {
      summary: expect.stringMatching(/xposer 1\.0\.1 in chart repository "stakater" has the digest .*, not /),
    },
  });
});
