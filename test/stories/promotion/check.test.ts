// The check run `chart-promoter` on whatever touches an environment's folder. Over HTTP, against the offline GitHub and
// ChartMuseum.

import { beforeEach, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { away, live, pass, testBed } from "../setting.ts";

beforeEach(() => live());

const REQUIREMENTS = "dev/requirements.yaml";

function requirements(version: string): string {
  return `dependencies:\n  - name: xposer\n    version: ${version} # says which version it is\n    repository: ${MUSEUM_URL}\n`;
}

/** The runs of a head, oldest first. */
function runsOn(headOid: string) {
  return [...testBed.repository().checkRuns.values()].filter((run) => run.headOid === headOid);
}

/** What the newest run of a pull request says. */
function summaryOf(number: number): string | undefined {
  const run = runsOn(testBed.repository().mustPull(number).head.oid).at(-1);
  return run && `${run.conclusion ?? run.status}: ${run.output.title}`;
}

async function humanPull(branch: string, files: { readonly [path: string]: string }): Promise<number> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch, on: "main", files });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: branch, title: branch });
  await testBed.waitUntilIdle();
  return number;
}

async function configured(lines: string): Promise<void> {
  const files = { ".github/chart-promoter.yml": `environments:\n  dev:\n    path: dev\n${lines}` };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
}

test("a promotion of the App's own succeeds, and the same head judged alike is not written twice", async () => {
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  expect(summaryOf(1)).toBe("success: Good to merge: xposer 1.0.1 in dev");
  for (const { id } of testBed.github.webhooks.deliveries) testBed.github.webhooks.redeliver(id);
  await testBed.waitUntilIdle();
  await testBed.restart();
  await testBed.restartWithoutDatabase();
  const { oid } = testBed.repository().mustPull(1).head;
  expect(runsOn(oid)).toHaveLength(1);
});

test("a pull request that touches no environment is left alone", async () => {
  const number = await humanPull("docs", { "README.md": "words\n" });
  expect(summaryOf(number)).toBeUndefined();
});

test("one that changes nothing that is judged is neutral", async () => {
  const number = await humanPull("notes", { "dev/NOTES.md": "words\n" });
  expect(summaryOf(number)).toBe("neutral: No chart moves");
});

test("a version that the chart repository does not have fails on its very line", async () => {
  const number = await humanPull("missing", { [REQUIREMENTS]: requirements("1.0.9") });
  expect(summaryOf(number)).toMatch(/^failure: xposer 1\.0\.9 is not in the chart repository "stakater"/);
  const [run] = runsOn(testBed.repository().mustPull(number).head.oid);
  expect(run?.annotations).toEqual([
    expect.objectContaining({ path: REQUIREMENTS, start_line: 3, annotation_level: "failure" }),
  ]);
});

test("a person's own promotion succeeds when it is sound, and one that goes back fails", async () => {
  await testBed.publish({ version: "0.9.0" });
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  const forth = await humanPull("forth", { [REQUIREMENTS]: requirements("1.0.1") });
  expect(summaryOf(forth)).toBe("success: Good to merge: xposer 1.0.1 in dev");
  const back = await humanPull("back", { [REQUIREMENTS]: requirements("0.9.0") });
  expect(summaryOf(back)).toMatch(/^failure: xposer would go back from 1\.0\.0 to 0\.9\.0 in dev/);
});

test("a person's edit that bypasses the policy fails with the reason", async () => {
  await configured('    charts:\n      xposer: { versions: "~1.0", updates: patch }\n');
  await testBed.publish({ version: "2.0.0" });
  await testBed.waitUntilIdle();
  const number = await humanPull("major", { [REQUIREMENTS]: requirements("2.0.0") });
  expect(summaryOf(number)).toMatch(
    /^failure: The policy of dev keeps xposer 2\.0\.0 out: charts\."xposer"\.versions is "~1\.0"/,
  );
});

test("a trailer that a person wrote does not make a way back", async () => {
  await testBed.publish({ version: "0.9.0" });
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "promote/dev/xposer",
    on: "main",
    files: { [REQUIREMENTS]: requirements("0.9.0") },
    message: "Promote\n\nChart: xposer\nChart-Version: 0.9.0\nRolled-Back-From: 1.0.0",
  });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, {
    head: "promote/dev/xposer",
    title: "back",
  });
  await testBed.waitUntilIdle();
  expect(summaryOf(number)).toMatch(/^failure: xposer would go back/);
});

test("a pull request from a fork is checked too, and its re-run button works", async () => {
  const carol = testBed.github.as("carol");
  testBed.github.owner("carol").fork(CONFIG_REPOSITORY);
  carol.push("carol/config", {
    branch: "patch",
    on: "main",
    files: { [REQUIREMENTS]: requirements("7.7.7") },
  });
  const number = carol.openPullRequest(CONFIG_REPOSITORY, { head: "carol:patch", title: "from afar" });
  await testBed.waitUntilIdle();
  expect(summaryOf(number)).toMatch(/^failure: xposer 7\.7\.7 is not in the chart repository/);
  await testBed.publish({ version: "7.7.7" });
  await testBed.waitUntilIdle();
  const { oid } = testBed.repository().mustPull(number).head;
  const [run] = runsOn(oid);
  testBed.alice.rerunChecks(CONFIG_REPOSITORY, { checkRunId: run?.id ?? 0 });
  await testBed.waitUntilIdle();
  expect(summaryOf(number)).toBe("success: Good to merge: xposer 7.7.7 in dev");
});

test("the re-run button is answered even when the answer is the same", async () => {
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  const { oid } = testBed.repository().mustPull(1).head;
  testBed.alice.rerunChecks(CONFIG_REPOSITORY, { headOid: oid });
  await testBed.waitUntilIdle();
  expect(runsOn(oid).map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
});

test("a hold keeps it pending, and it succeeds by itself when the hold ends", async () => {
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  testBed.alice.label(CONFIG_REPOSITORY, 1, "promotion/hold");
  await testBed.waitUntilIdle();
  expect(summaryOf(1)).toMatch(/^in_progress: Held by the label promotion\/hold/);
  testBed.alice.unlabel(CONFIG_REPOSITORY, 1, "promotion/hold");
  await testBed.waitUntilIdle();
  expect(summaryOf(1)).toBe("success: Good to merge: xposer 1.0.1 in dev");
});

const FROZEN_MS = 4 * 60_000;

test("a freeze keeps it pending with its end and reason, until it ends", async () => {
  const end = new Date(Date.now() + FROZEN_MS);
  await configured(
    `    freeze:\n      - { from: 2020-01-01T00:00:00Z, to: ${end.toISOString()}, reason: holidays }\n`,
  );
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  expect(summaryOf(1)).toMatch(/^in_progress: dev is frozen until \d{4}-\d\d-\d\d \d\d:\d\d UTC: holidays\./);
  await pass(FROZEN_MS);
  expect(summaryOf(1)).toBe("success: Good to merge: xposer 1.0.1 in dev");
  expect(runsOn(testBed.repository().mustPull(1).head.oid)).toHaveLength(1);
});

test("a lock out of step fails, and so does one that locks what the manifest does not admit", async () => {
  const lock = `dependencies:\n- name: xposer\n  repository: ${MUSEUM_URL}\n  version: 1.0.0\ndigest: sha256:${"0".repeat(64)}\ngenerated: "2026-01-01T00:00:00Z"\n`;
  const number = await humanPull("lock", { "dev/requirements.lock": lock });
  expect(summaryOf(number)).toMatch(/^failure: requirements\.lock is out of step with requirements\.yaml/);
});

test("an unreachable chart repository makes it wait, not fail", async () => {
  await testBed.museum.close();
  const number = await humanPull("outage", { [REQUIREMENTS]: requirements("1.0.1") });
  expect(summaryOf(number)).toMatch(/^in_progress: Whether xposer 1\.0\.1 exists is not known yet/);
});

test.each([
  [503, "", /^in_progress: Whether xposer 1\.0\.1 can be downloaded is not known yet/],
  [404, "a proxy's page", /^in_progress: Whether xposer 1\.0\.1 can be downloaded is not known yet/],
  [404, '{"error":"object not found"}', /^failure: xposer 1\.0\.1 cannot be downloaded/],
])("an archive that is answered with %i %s is not good to merge", async (status, body, outcome) => {
  await testBed.museum.upload(testBed.pack("1.0.1"));
  testBed.museum.faults.add({ kind: "status", status, body }, { match: /\/charts\/xposer-1\.0\.1\.tgz/ });
  const number = await humanPull("unfetched", { [REQUIREMENTS]: requirements("1.0.1") });
  expect(summaryOf(number)).toMatch(outcome);
});

test("a merge queue's group is answered on its own head", async () => {
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  const group = testBed.alice.mergeQueue(CONFIG_REPOSITORY, [1]);
  await testBed.waitUntilIdle();
  expect(runsOn(group.headOid).map(({ conclusion, output }) => `${conclusion}: ${output.title}`)).toEqual([
    "success: Good to merge: xposer 1.0.1 in dev",
  ]);
});

test("values that the new chart's schema refuses fail in the values file", async () => {
  const schema = JSON.stringify({ type: "object", properties: { replicas: { type: "string" } } });
  await testBed.publish(
    { version: "1.0.1" },
    { values: 'replicas: "1"\n', files: { "values.schema.json": schema } },
  );
  await testBed.waitUntilIdle();
  expect(summaryOf(1)).toMatch(
    /^failure: `xposer\.replicas` does not fit the schema of `xposer`: must be string/,
  );
  const [run] = runsOn(testBed.repository().mustPull(1).head.oid);
  expect(run?.annotations).toEqual([expect.objectContaining({ path: "dev/xposer.yaml", start_line: 2 })]);
});

test("after the config changed, what is open is judged by the new one", async () => {
  await testBed.publish({ version: "1.1.0" });
  await testBed.waitUntilIdle();
  expect(summaryOf(1)).toMatch(/^success/);
  await configured("    charts:\n      xposer: { updates: patch }\n");
  expect(summaryOf(1)).toMatch(/^failure: The policy of dev keeps xposer 1\.1\.0 out/);
});

test("a push to the base has the open promotions judged again, without a word when nothing is new", async () => {
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  testBed.github.requests.mark();
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "README.md": "words\n" } });
  await testBed.waitUntilIdle();
  expect(testBed.github.requests.counted.map(({ operationName }) => operationName)).toEqual([
    "RepositoryState",
    "Head",
  ]);
});

test("a person's pull request that leads to another branch since the server was away is judged for that one", async () => {
  const patches = "charts: { xposer: { updates: patch } }";
  await configured(`  live: { path: dev, branch: release, ${patches} }\n`);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "release", on: "main", files: { "notes.md": "a\n" } });
  await testBed.publish({ version: "1.1.0" });
  const number = await humanPull("forth", { [REQUIREMENTS]: requirements("1.1.0") });
  expect(summaryOf(number)).toBe("success: Good to merge: xposer 1.1.0 in dev");
  await pass(40_000);
  await away(() => testBed.alice.editPullRequest(CONFIG_REPOSITORY, number, { base: "release" }));
  expect(summaryOf(number)).toMatch(/^failure: The policy of live keeps xposer 1\.1\.0 out/);
  const { oid } = testBed.repository().mustPull(number).head;
  await testBed.restart();
  expect(runsOn(oid)).toHaveLength(2);
});
