// A repository with umbrella charts and no config file is offered one, once. Over HTTP, against the offline GitHub.

import { expect, test } from "@jest/globals";
import { firstConfig } from "../../../src/domain/config/first-config.ts";
import type { FilesGiven } from "../../../src/sandbox/github/people/files.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, pass, published, testBed } from "../setting.ts";

const FILE = ".github/chart-promoter.yml";
const BRANCH = "chart-promoter/onboarding";
const OFFERED = `#1 open Add ${FILE}`;

function withoutConfig(files: FilesGiven = configRepository()): FilesGiven {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path !== FILE));
}

function body(number = 1): string {
  return testBed.repository().mustPull(number).body;
}

function saidOn(number: number): readonly string[] {
  const { oid } = testBed.repository().mustPull(number).head;
  return [...testBed.repository().checkRuns.values()]
    .filter((run) => run.headOid === oid)
    .map((run) => `${run.conclusion ?? run.status}: ${run.output.title}`);
}

function deployments(): readonly string[] {
  return [...testBed.repository().deployments.values()].map(({ environment }) => environment);
}

test("it is offered what init would write, with a preview of what would be proposed", async () => {
  const chart = "apiVersion: v2\nname: prod\nversion: 0.1.0\ndependencies:\n";
  const files = {
    ...withoutConfig(),
    "prod/Chart.yaml": `${chart}  - name: xposer\n    version: 0.9.0\n    repository: ${MUSEUM_URL}\n  - name: redis\n    version: 1.0.0\n    repository: https://charts.example.org\n`,
    "apps/plain/Chart.yaml": "apiVersion: v2\nname: plain\nversion: 0.1.0\n",
    "broken/Chart.yaml": "name: [\n",
  };
  await live({ onboarding: "on", files });
  expect(testBed.pulls()).toEqual([OFFERED]);
  const names = new Map([
    ["dev", "dev"],
    ["prod", "prod"],
  ]);
  expect(testBed.fileOn(BRANCH, FILE)).toBe(firstConfig(names));
  expect(testBed.fileOn("main", FILE)).toBeUndefined();
  expect(body()).toContain(
    "| `xposer` | `1.0.0` | `stakater` | nothing: no version of it has been announced |",
  );
  expect(body()).toContain(
    "| `redis` | `1.0.0` | `https://charts.example.org`, which is none of this server's | never anything |",
  );
  expect(body()).toContain(
    "**`prod`**: folder `prod` on the branch `main`, only versions that were deployed in `dev`",
  );
  expect(body()).toMatch(/These charts are left out:\n\n\* `broken`: /);
  expect(body()).not.toContain("plain");
  expect(saidOn(1)).toEqual(["success: Merging this deploys nothing"]);
});

test("the preview is what its merge proposes; merging it deploys nothing", async () => {
  await live({ onboarding: "on" });
  await published("1.0.1");
  testBed.github.createRepository({ name: "acme/other", files: withoutConfig(), people: { alice: "write" } });
  await testBed.waitUntilIdle();
  const other = testBed.github.repository("acme/other");
  expect(other.pulls().map(({ title }) => title)).toEqual([`Add ${FILE}`]);
  expect(other.mustPull(1).body).toContain("| `xposer` | `1.0.0` | `stakater` | `1.0.1` |");
  testBed.alice.merge("acme/other", 1);
  await pass(2_000);
  await pass(6_000);
  expect(other.pulls().map(({ title }) => title)).toEqual([`Add ${FILE}`, "Promote xposer to 1.0.1 in dev"]);
  expect([...other.deployments.values()]).toEqual([]);
  expect(other.issues()).toEqual([]);
  testBed.alice.merge("acme/other", 2);
  await testBed.waitUntilIdle();
  expect([...other.deployments.values()].map(({ environment }) => environment)).toEqual(["dev"]);
});

test("an umbrella chart in the root of the repository is not deployed by it either, with and without its webhook", async () => {
  const files = Object.fromEntries(
    Object.entries(withoutConfig()).map(([path, text]) => [path.replace("dev/", ""), text]),
  );
  await live({ onboarding: "on", files });
  testBed.github.createRepository({ name: "acme/other", files, people: { alice: "write" } });
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await pass(2_000);
  await pass(6_000);
  await testBed.stopServer();
  testBed.github.webhooks.sendTo(undefined);
  testBed.alice.merge("acme/other", 1);
  await testBed.startServer();
  await pass(6_000);
  await testBed.restartWithoutDatabase();
  await pass(6_000);
  expect(deployments()).toEqual([]);
  expect([...testBed.github.repository("acme/other").deployments.values()]).toEqual([]);
  expect(testBed.repository().issues()).toEqual([]);
  await published("1.0.1");
  expect(testBed.pulls()).toContain("#2 open Promote xposer to 1.0.1 in default");
});

test.each(["closed", "merged", "closed, and its branch deleted"])(
  "never again when it was %s, nor after the loss of the database",
  async (how) => {
    await live({ onboarding: "on", files: withoutConfig() });
    if (how === "merged") {
      testBed.alice.merge(CONFIG_REPOSITORY, 1);
      await testBed.waitUntilIdle();
      testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [FILE]: null } });
    } else testBed.alice.close(CONFIG_REPOSITORY, 1);
    if (how.endsWith("deleted")) testBed.alice.deleteBranch(CONFIG_REPOSITORY, BRANCH);
    await testBed.waitUntilIdle();
    await testBed.restart();
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/NOTES.md": "words\n" } });
    await testBed.restartWithoutDatabase();
    expect(testBed.pulls()).toEqual([`#1 ${how.split(",")[0]} Add ${FILE}`]);
  },
);

test("off, which is the default, a repository without a config file is left alone", async () => {
  await live({ files: withoutConfig() });
  await testBed.restart();
  expect(testBed.pulls()).toEqual([]);
  await testBed.restartWith({ onboarding: "on" });
  expect(testBed.pulls()).toEqual([OFFERED]);
});

test("a repository without a chart costs one more request, once for each head", async () => {
  await live({ files: { "README.md": "words\n" } });
  const cost = async () => {
    testBed.github.requests.mark();
    await testBed.restart();
    return testBed.github.requests.sinceMark.filter(({ path }) => /graphql|repos/.test(path)).length;
  };
  const without = await cost();
  await testBed.restartWith({ onboarding: "on" });
  expect(await cost()).toBe(without);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "README.md": "other words\n" } });
  await testBed.waitUntilIdle();
  expect(await cost()).toBe(without + 1);
  expect(testBed.pulls()).toEqual([]);
});

test("commits of people on it stay, and its check says what merging it does then", async () => {
  await live({ onboarding: "on", files: withoutConfig() });
  const config = "environments:\n  dev:\n    path: dev\n    labels: [promotion]\n";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: { [FILE]: config } });
  await testBed.waitUntilIdle();
  expect(saidOn(1)).toEqual(["success: Merging this deploys nothing"]);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: { [FILE]: `${config}    pth: dev\n` } });
  await testBed.waitUntilIdle();
  expect(saidOn(1)).toEqual([`failure: ${FILE} cannot be read`]);
  const files = { [FILE]: config, "dev/xposer.yaml": "xposer:\n  replicas: 3\n" };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files });
  await testBed.waitUntilIdle();
  expect(saidOn(1)).toEqual(["neutral: It changes more than the config file"]);
  await testBed.restartWithoutDatabase();
  expect(testBed.fileOn(BRANCH, FILE)).toBe(config);
  expect(testBed.pulls()).toEqual([OFFERED]);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await pass(2_000);
  await pass(6_000);
  expect(deployments()).toEqual(["dev"]);
});

test("commands on it are answered: it is no promotion", async () => {
  await live({ onboarding: "on", files: withoutConfig() });
  const texts = () =>
    [...testBed.repository().comments.values()]
      .filter(({ author }) => author.login !== "alice" && author.login !== "bob")
      .map((comment) => comment.body.split("\n")[0]);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/hold");
  await testBed.waitUntilIdle();
  expect(texts()).toEqual([expect.stringContaining("it is no promotion, and merging it deploys nothing")]);
  testBed.github.as("bob").comment(CONFIG_REPOSITORY, 1, "/rebase");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/help");
  await testBed.waitUntilIdle();
  expect(texts()).toHaveLength(2);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  expect(texts().at(-1)).toContain("it is no promotion, and merging it deploys nothing");
  expect(testBed.pulls()).toEqual([`#1 merged Add ${FILE}`]);
});

test("a branch of that name that people made is theirs", async () => {
  await live({ files: withoutConfig() });
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, on: "main", files: { "README.md": "mine\n" } });
  await testBed.restartWith({ onboarding: "on" });
  expect(testBed.pulls()).toEqual([]);
  expect(testBed.fileOn(BRANCH, "README.md")).toBe("mine\n");
});

test("what GitHub refuses is offered again after growing pauses, by itself, once it may be", async () => {
  await live({ files: withoutConfig() });
  const owner = testBed.github.owner("acme");
  owner.setRules(CONFIG_REPOSITORY, [{ pattern: BRANCH, blocksCreations: true, bypass: [] }]);
  testBed.github.requests.mark();
  const tries = () =>
    testBed.github.requests.sinceMark.filter(({ operation }) => operation === "mutation").length;
  await testBed.restartWith({ onboarding: "on" });
  const atFirst = tries();
  expect(atFirst).toBeGreaterThan(0);
  await testBed.restart();
  expect(tries()).toBe(atFirst);
  for (let minute = 0; minute < 5; minute += 1) await pass(61_000);
  expect(tries()).toBe(3 * atFirst);
  expect(testBed.pulls()).toEqual([]);
  owner.setRules(CONFIG_REPOSITORY, []);
  await pass(3 * 60_000);
  expect(testBed.pulls()).toEqual([OFFERED]);
});
