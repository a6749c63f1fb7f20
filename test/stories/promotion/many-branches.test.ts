// A repository with more promotion branches than one document asks about.

import { expect, test } from "@jest/globals";
import { MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../setting.ts";

const ENVIRONMENTS = ["dev", "test", "stage", "live", "demo", "lab"];
const CHARTS = Array.from({ length: 20 }, (_, n) => `xposer-${n}`);

function files(): Readonly<Record<string, string>> {
  const dependencies = CHARTS.map(
    (chart) => `  - name: ${chart}\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  ).join("");
  const folders = ENVIRONMENTS.flatMap((name) => [
    [`${name}/Chart.yaml`, "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    [`${name}/requirements.yaml`, `dependencies:\n${dependencies}`],
  ]);
  const environments = ENVIRONMENTS.map((name) => `  ${name}: { path: ${name} }\n`).join("");
  return Object.fromEntries([[".github/chart-promoter.yml", `environments:\n${environments}`], ...folders]);
}

test("each environment gets its pull request, and a look at all of them finds nothing to do", async () => {
  await live({ files: files(), charts: CHARTS.map((name) => ({ name, version: "1.0.0" })) });
  await published("1.0.1", {}, "xposer-3");
  const lists = testBed.museum.requests.filter(({ path }) => path === "/api/charts/xposer-3");
  // One for the texts of all of them, and one for each check.
  expect(lists).toHaveLength(1 + ENVIRONMENTS.length);
  const opened = ENVIRONMENTS.map((name) => expect.stringContaining(`xposer-3 to 1.0.1 in ${name}`));
  expect(testBed.pulls()).toHaveLength(ENVIRONMENTS.length);
  expect(testBed.pulls()).toEqual(expect.arrayContaining(opened));
  await testBed.restartWithoutDatabase();
  expect(testBed.pulls()).toHaveLength(ENVIRONMENTS.length);
  await published("1.0.2", {}, "xposer-19");
  expect(testBed.pulls()).toHaveLength(2 * ENVIRONMENTS.length);
});
