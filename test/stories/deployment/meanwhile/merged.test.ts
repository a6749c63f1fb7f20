// What is merged while nothing can be deployed by (the config is wrong or missing, the App is suspended or only starting) is
// deployed as soon as that ends, and nobody is told before that it is out.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../../src/sandbox/test-bed.ts";
import { live, published, testBed, until } from "../../setting.ts";

const CONFIG = ".github/chart-promoter.yml";
const RIGHT = "environments:\n  dev: { path: dev }\n";
const WRONG = "environments:\n  dev: { path: dev, brunch: main }\n";

function deployed(): readonly string[] {
  return [...testBed.repository().deployments.values()].map(
    ({ environment, oid }) => `${environment} ${oid}`,
  );
}

async function reasonOf(id: string): Promise<string> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ state, because }) => `${state}: ${because}`).join();
}

async function push(files: Record<string, string | null>): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
}

/** A pull request of a person's own that changes dev. */
function proposed(): number {
  const files = { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "replicas", on: "main", files });
  return testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "replicas", title: "More replicas" });
}

test.each([
  ["wrong", WRONG, "it cannot be read"],
  ["missing", null, "there is none"],
])("the config is %s", async (_how, text, why) => {
  await live({ files: { ...configRepository(), [CONFIG]: RIGHT } });
  const id = await published("1.0.1");
  await push({ [CONFIG]: text });
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(deployed()).toEqual([]);
  expect(await reasonOf(id)).toBe(`merged: #1 was merged; nothing is deployed by ${CONFIG} while ${why}`);
  await push({ [CONFIG]: `${RIGHT}# mended\n` });
  expect(deployed()).toEqual([`dev ${sha}`]);
  expect(await reasonOf(id)).toBe(`merged: #1 was merged as ${sha.slice(0, 7)}`);
});

test.each(["its database", "nothing"])(
  "one merge while the config is wrong, one while it is missing, and a restart that loses %s",
  async (lost) => {
    await live({ files: { ...configRepository(), [CONFIG]: RIGHT } });
    await published("1.0.1");
    const second = proposed();
    await push({ [CONFIG]: WRONG });
    const merged = [testBed.alice.merge(CONFIG_REPOSITORY, 1)];
    await testBed.waitUntilIdle();
    if (lost === "nothing") await testBed.restart();
    else await testBed.restartWithoutDatabase();
    await push({ [CONFIG]: null });
    merged.push(testBed.alice.merge(CONFIG_REPOSITORY, second));
    await testBed.waitUntilIdle();
    expect(deployed()).toEqual([]);
    await push({ [CONFIG]: RIGHT });
    await until(() => deployed().length > 1);
    expect(deployed().toSorted()).toEqual(merged.map((sha) => `dev ${sha}`).toSorted());
  },
);

test("the config was wrong from the beginning, and it is the first merge ever", async () => {
  await live({ files: { ...configRepository(), [CONFIG]: WRONG } });
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, proposed());
  await testBed.waitUntilIdle();
  await push({ [CONFIG]: RIGHT });
  expect(deployed()).toEqual([`dev ${sha}`]);
});

test("what was merged before there was a config file stays history", async () => {
  await live({ files: { ...configRepository(), [CONFIG]: null } });
  testBed.alice.merge(CONFIG_REPOSITORY, proposed());
  await testBed.waitUntilIdle();
  await push({ [CONFIG]: RIGHT });
  expect(deployed()).toEqual([]);
});

test("the App is suspended, and it is the first merge ever", async () => {
  await live();
  const id = await published("1.0.1");
  const [installation] = testBed.github.world.installations.values();
  const owner = testBed.github.owner("acme");
  owner.suspend(installation?.id ?? 0);
  await testBed.waitUntilIdle();
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
  expect(await reasonOf(id)).toMatch(/^refused: the App cannot see acme\/config/);
  owner.unsuspend(installation?.id ?? 0);
  await until(() => deployed().length > 0);
  expect(deployed()).toEqual([`dev ${sha}`]);
  expect(await reasonOf(id)).toBe(`merged: #1 was merged as ${sha.slice(0, 7)}`);
});

test("the server has only started, with an empty database, and could not list its repositories yet", async () => {
  await live();
  testBed.github.fault(
    { match: ({ path }) => path.endsWith("/installation/repositories"), times: 3 },
    { kind: "500" },
  );
  await testBed.restartWithoutDatabase();
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, proposed());
  await until(() => deployed().length > 0);
  expect(deployed()).toEqual([`dev ${sha}`]);
});

test("what comes to the branch past its pull request is not told as if it were deployed", async () => {
  await live();
  const id = await published("1.0.1");
  const to = testBed.repository().branch("promote/dev/xposer") ?? "";
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "main", to });
  await testBed.waitUntilIdle();
  expect(deployed()).toEqual([]);
  expect(await reasonOf(id)).toMatch(
    /^refused: #1 is not deployed: its commits were pushed to main.*a later merge/,
  );
  const other = await published("1.0.2");
  const requirements = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  await push({ "dev/requirements.yaml": requirements.replace("1.0.1", "1.0.2") });
  expect(await reasonOf(other)).toMatch(/^unchanged: main has this version, which came there without #2/);
});

test("what a push takes off the branch again is not told as there any more", async () => {
  await live();
  await published("1.0.1");
  const other = await published("1.0.2");
  const before = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  await push({ "dev/requirements.yaml": before.replace("1.0.0", "1.0.2") });
  expect(await reasonOf(other)).toMatch(/^unchanged: main has this version/);
  await push({ "dev/requirements.yaml": before });
  expect(await reasonOf(other)).toMatch(/^proposed: /);
  testBed.github.requests.mark();
  await push({ "notes.md": "a\n" });
  expect(
    testBed.github.requests.sinceMark.filter(({ operationName }) => operationName === "RepositoryState"),
  ).toHaveLength(1);
});

test.each([
  ["it", "1.0.1", "unchanged"],
  ["a newer one", "1.0.2", "superseded"],
])("nor where %s was there before it was announced", async (_which, version, state) => {
  await live();
  const before = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
  await push({ "dev/requirements.yaml": before.replace("1.0.0", version) });
  const id = await published("1.0.1");
  expect(await reasonOf(id)).toBe(`${state}: dev already has ${version}`);
  await push({ "dev/requirements.yaml": before });
  expect(await reasonOf(id)).toMatch(/^proposed: /);
});

test.each(["its database", "nothing"])(
  "what was deployed before its environment got another name is not deployed again under that, after a restart that loses %s",
  async (lost) => {
    await live();
    await published("1.0.1");
    const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await until(() => deployed().length > 0);
    await push({ [CONFIG]: "environments:\n  stage: { path: dev }\n" });
    if (lost === "nothing") await testBed.restart();
    else await testBed.restartWithoutDatabase();
    expect(deployed()).toEqual([`dev ${sha}`]);
    await published("1.0.2");
    testBed.alice.merge(CONFIG_REPOSITORY, 2);
    await until(() => deployed().length > 1);
    expect(deployed()[1]).toMatch(/^stage /);
  },
);
