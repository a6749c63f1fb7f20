// A promotion that people closed says once what that means, and how to have what it keeps out.

import { beforeEach, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../setting.ts";

const BRANCH = "promote/dev/xposer";

beforeEach(() => live());

function bodies(number = 1): readonly string[] {
  return [...testBed.repository().comments.values()]
    .filter((one) => one.number === number)
    .map(({ body }) => body);
}

const DECLINED = expect.stringMatching(/^Declined: `1\.0\.1` and older .* newer ones will be\. Reopening/);

test.each(["closing", "deleting the branch"])("%s is acknowledged once", async (how) => {
  await published("1.0.1");
  if (how === "closing") testBed.alice.close(CONFIG_REPOSITORY, 1);
  else testBed.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
  await testBed.waitUntilIdle();
  expect(bodies()).toEqual([DECLINED]);
  if (how === "closing") testBed.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
  await testBed.restart();
  await testBed.restartWithoutDatabase();
  await published("1.0.2");
  expect(bodies()).toEqual([DECLINED]);
  expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.2 in dev");
});

test("stays declined when the environment is switched to one pull request for all, and back", async () => {
  const id = await published("1.0.1");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const state = async () => (await testBed.publishState(id)).promotions[0];
  for (const pullRequests of ["environment", "chart"]) {
    const config = `environments:\n  dev: { path: dev, pullRequests: ${pullRequests} }\n`;
    testBed.alice.push(CONFIG_REPOSITORY, {
      branch: "main",
      files: { ".github/chart-promoter.yml": config },
    });
    await testBed.waitUntilIdle();
    await testBed.announce({ version: "1.0.1", source: { revision: "a".repeat(40) } });
    await testBed.restart();
    expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
    expect(await state()).toMatchObject({
      state: "declined",
      because: expect.stringContaining("#1 was closed"),
    });
  }
  await published("1.0.2");
  expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.2 in dev");
});

test("/reject is acknowledged by its answer, and what the App closes itself is not called declined", async () => {
  await published("1.0.1");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/reject");
  await testBed.waitUntilIdle();
  expect(bodies().slice(1)).toEqual([DECLINED]);
  await published("1.0.2");
  const now = testBed.fileOn("main", "dev/requirements.yaml")?.replace("1.0.0", "1.0.2") ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/requirements.yaml": now } });
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(bodies(2)).toEqual([expect.stringMatching(/^No longer needed: /)]);
});

test("a hot fix of an older line says how to have it after a decline, and comes so", async () => {
  await published("1.5.0");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const id = await published("1.4.1");
  const { promotions } = await testBed.publishState(id);
  expect(promotions).toMatchObject([
    { state: "declined", because: expect.stringContaining("comment /promote VERSION on #1") },
  ]);
  const offer = /Comment `(\/promote xposer 1\.4\.1)` to have it all the same\.$/;
  expect(bodies().slice(1)).toEqual([expect.stringMatching(offer)]);
  await testBed.restart();
  await testBed.announce({ version: "1.4.1", source: { revision: "a".repeat(40) } });
  await testBed.waitUntilIdle();
  expect(bodies()).toHaveLength(2);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, offer.exec(bodies()[1] ?? "")?.[1] ?? "");
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(testBed.pulls()).toEqual([
    "#1 closed Promote xposer to 1.5.0 in dev",
    "#2 open Promote xposer to 1.4.1 in dev",
  ]);
});

test("where the conversation is locked, nothing waits for the acknowledgement", async () => {
  await published("1.0.1");
  const locked = { kind: "denied", message: "Unable to create comment because issue is locked." } as const;
  testBed.github.fault(
    { match: ({ graphql }) => graphql?.rootFields.includes("addComment") === true, times: 9 },
    locked,
  );
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  const id = await published("1.0.2");
  expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.2 in dev");
  expect((await testBed.publishState(id)).promotions).toMatchObject([{ state: "proposed" }]);
});

test("an older one that was closed says truly how to have it: not by reopening it once a newer version has the branch", async () => {
  await published("1.0.1");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(bodies()).toEqual([expect.stringMatching(/as long as no newer version is proposed here\.$/)]);
  await published("1.0.2");
  expect(() => testBed.alice.reopen(CONFIG_REPOSITORY, 1)).toThrow("already exists");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/promote 1.0.1");
  await testBed.waitUntilIdle();
  const help =
    /was not done: .*1\\?\.0\.2 overtook it\. Comment (\/reject) on `#(2)`, and then this once more\./;
  expect(bodies().at(-1)).toMatch(help);
  const [, reject = "", number = ""] = help.exec(bodies().at(-1) ?? "") ?? [];
  testBed.alice.comment(CONFIG_REPOSITORY, Number(number), reject);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/promote 1.0.1");
  await testBed.waitUntilIdle();
  expect(testBed.pulls().slice(1)).toEqual([
    "#2 closed Promote xposer to 1.0.2 in dev",
    "#3 open Promote xposer to 1.0.1 in dev",
  ]);
});

test("a rollback that is rejected declines nothing, and one whose version is gone from the branch is closed and keeps nothing waiting", async () => {
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const rollBack = async () => {
    testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
    await testBed.waitUntilIdle();
  };
  await rollBack();
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/reject");
  await testBed.waitUntilIdle();
  expect(bodies(2).at(-1)).toMatch(
    /^Closed: the way back is not taken\. .*`xposer 1\.0\.1`; each as long as that stands here and no newer version is proposed\.$/,
  );
  await rollBack();
  expect(testBed.pulls().at(-1)).toBe("#3 open Roll xposer back to 1.0.0 in dev");
  const id = await published("1.0.2");
  expect((await testBed.publishState(id)).promotions).toMatchObject([
    { state: "unchanged", because: "waits for the rollback in #3" },
  ]);
  const text = testBed.fileOn("main", "dev/requirements.yaml")?.replace("1.0.1", "1.0.2") ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/requirements.yaml": text } });
  await testBed.waitUntilIdle();
  expect(bodies(3)).toEqual(["No longer needed: xposer 1.0.1, which it takes back, is not there any more."]);
  await published("1.0.3");
  expect(testBed.pulls().slice(2)).toEqual([
    "#3 closed Roll xposer back to 1.0.0 in dev",
    "#4 open Promote xposer to 1.0.3 in dev",
  ]);
});

test("/reject of one of two charts that go back together says what closing gives up, and a newer version has the branch then", async () => {
  const charts = ["xposer", "xposer-agent"];
  const entry = (name: string) => `  - name: ${name}\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;
  await testBed.museum.upload(packChart({ name: "xposer-agent", version: "1.0.0" }));
  const files = {
    ".github/chart-promoter.yml": "environments:\n  dev: { path: dev, pullRequests: environment }\n",
    "dev/requirements.yaml": `dependencies:\n${charts.map(entry).join("  # …\n".repeat(9))}`,
  };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
  await published("1.0.1");
  await published("1.0.1", {}, "xposer-agent");
  const say = async (number: number, body: string) => {
    testBed.alice.comment(CONFIG_REPOSITORY, number, body);
    await testBed.waitUntilIdle();
  };
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await say(1, "/rollback");
  await published("1.0.2");
  await say(2, "/reject xposer");
  expect(bodies(2).at(-1)).toMatch(
    /gives up the way back of xposer and xposer-agent\. Comment \/reject alone for that\./,
  );
  await say(2, "/reject");
  expect(bodies(2).at(-1)).toMatch(
    /`xposer-agent 1\.0\.1`; each as long as .* no newer version is proposed\.$/,
  );
  expect(testBed.pulls().at(-1)).toBe("#3 open Promote xposer to 1.0.2 in dev");
  await say(1, "/rollback");
  expect(bodies(1).at(-1)).toContain("Pull request 3 is open on the same branch");
});

test("what the App closed because its base had it is not declined when the base has it no more", async () => {
  await published("1.0.2");
  const before = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  const push = async (text: string) => {
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/requirements.yaml": text } });
    await testBed.waitUntilIdle();
  };
  await push(before.replace("1.0.0", "1.0.2"));
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.2 in dev"]);
  await push(before);
  await testBed.restart();
  expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.2 in dev");
});
