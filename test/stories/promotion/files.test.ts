// Files that are not plain small texts: long ones, executable ones, links, other encodings, vendored archives.

import { afterEach, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { filesOf } from "../../../src/sandbox/github/git/trees.ts";
import type { FilesGiven } from "../../../src/sandbox/github/people/files.ts";
import { configRepository, MUSEUM_URL, startTestBed, type TestBed } from "../../../src/sandbox/test-bed.ts";

let testBed: TestBed | undefined;

afterEach(async () => {
  await testBed?.stop();
  testBed = undefined;
});

async function promoted(files: FilesGiven, values: object = {}): Promise<TestBed> {
  const started = await startTestBed({ files: { ...configRepository(), ...files } });
  testBed = started;
  const { body } = await started.publish({ version: "1.0.1", values });
  await started.waitUntilIdle();
  expect(started.github.requests.unknown).toEqual([]);
  const { promotions } = await started.publishState(body.id);
  because = promotions[0]?.because ?? "";
  return started;
}

let because = "";

const manifest = `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;

function entries(place: TestBed, branch: string) {
  const { objects } = place.repository();
  const head = place.repository().branch(branch) ?? "";
  return filesOf(objects, objects.mustCommit(head).tree);
}

test("a values file of more than 512,000 bytes is edited whole", async () => {
  const long = `xposer:\n  replicas: 2\n${"# a line of padding\n".repeat(40_000)}`;
  const place = await promoted({ "dev/xposer.yaml": long }, { replicas: 3 });
  expect(place.fileOn("promote/dev/xposer", "dev/xposer.yaml")).toBe(
    long.replace("replicas: 2", "replicas: 3"),
  );
});

test("an executable manifest stays executable", async () => {
  const place = await promoted({ "dev/requirements.yaml": { contents: manifest, mode: "100755" } });
  expect(place.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  expect(entries(place, "promote/dev/xposer").get("dev/requirements.yaml")?.mode).toBe("100755");
  expect(place.fileOn("promote/dev/xposer", "dev/requirements.yaml")).toContain("1.0.1");
});

test("a file in another encoding is refused, not approximated", async () => {
  const place = await promoted({
    "dev/requirements.yaml": Buffer.from(`# \u00e9t\u00e9\n${manifest}`, "latin1"),
  });
  expect(place.pulls()).toEqual([]);
  expect(because).toMatch(/not UTF-8|manifest/);
});

test("a vendored archive is replaced by the published one, in the same commit", async () => {
  const old = packChart({ name: "xposer", version: "1.0.0" });
  const place = await promoted({ "dev/charts/xposer-1.0.0.tgz": old });
  const archives = [...entries(place, "promote/dev/xposer").keys()].filter((path) =>
    path.includes("charts/"),
  );
  expect(archives).toEqual(["dev/charts/xposer-1.0.1.tgz"]);
  const next = await place.publish({ version: "1.0.2" });
  expect(next.status).toBe(202);
  await place.waitUntilIdle();
  const now = [...entries(place, "promote/dev/xposer").keys()].filter((path) => path.includes("charts/"));
  expect(now).toEqual(["dev/charts/xposer-1.0.2.tgz"]);
  expect(place.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
});
