// The base moves under an open promotion, or back under one that was merged: what is open can be merged, and says what it moves.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../../src/sandbox/test-bed.ts";
import {
  deployments,
  driftConfig,
  ended,
  newestDeployment as newest,
  watchedTestBed,
} from "../../drift/drift-test-bed.ts";
import { away, checkOn, live, pass, published, testBed, until } from "../../setting.ts";

const FILE = "dev/requirements.yaml";
const BRANCH = "promote/dev/xposer";

/** The manifest with xposer at this version. */
function at(version: string): Readonly<Record<string, string>> {
  const now = testBed.fileOn("main", FILE) ?? "";
  return { [FILE]: now.replace(/version: 1\.0\.\d/, `version: ${version}`) };
}

function push(version: string): void {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: at(version) });
}

function mergeOwn(version: string): void {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "own", on: "main", files: at(version) });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "Own" });
  testBed.alice.merge(CONFIG_REPOSITORY, number);
}

function forceBack(to: string): void {
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "main", to, force: true });
}

/** "`1.0.0` → `1.0.2`" of the headline. */
function moveTold(number: number): string {
  return /`[\d.]+` → `[\d.]+`/.exec(testBed.repository().mustPull(number).body)?.[0] ?? "none";
}

function newestDeployment(): unknown {
  return [...testBed.repository().deployments.values()].at(-1)?.payload;
}

async function statesOf(id: string): Promise<readonly string[]> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ state, pullRequest }) => `${state} #${pullRequest?.number}`);
}

describe("a version between comes to the base by hand", () => {
  const between: readonly [string, () => Promise<void> | void][] = [
    ["pushed", () => push("1.0.1")],
    ["merged", () => mergeOwn("1.0.1")],
    ["pushed while the server is away", () => away(() => push("1.0.1"))],
  ];
  test.each(between)("%s: the promotion starts from there and can be merged", async (_how, happens) => {
    await live();
    const id = await published("1.0.2");
    await happens();
    await until(() => moveTold(1) === "`1.0.1` → `1.0.2`");
    expect(checkOn(1).verdict).toMatch(/^success: /);
    expect(await statesOf(id)).toEqual(["proposed #1"]);
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    expect(newestDeployment()).toEqual({
      promotions: [{ chart: "xposer", from: "1.0.1", to: "1.0.2" }],
      pullRequest: 1,
    });
  });

  test("the very version, by a person's own pull request: it is told as merged by that one", async () => {
    await live();
    const id = await published("1.0.2");
    mergeOwn("1.0.2");
    await until(() => testBed.pulls()[0] === "#1 closed Promote xposer to 1.0.2 in dev");
    expect(testBed.pulls().slice(1)).toEqual(["#2 merged Own"]);
    expect(await statesOf(id)).toEqual(["merged #2"]);
    const { promotions } = await testBed.publishState(id);
    expect(promotions[0]?.pullRequest?.url).toBe(`${testBed.github.url}/acme/config/pull/2`);
  });

  test("a branch into which a person merged the base stays as it is, and its text says from where", async () => {
    await live();
    await published("1.0.2");
    await testBed.stopServer();
    push("1.0.1");
    const kept = testBed.repository().branch(BRANCH) ?? "";
    testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, merging: "main", treeOf: kept, files: {} });
    const head = testBed.repository().branch(BRANCH);
    await testBed.startServer();
    await testBed.waitUntilIdle();
    expect(testBed.repository().branch(BRANCH)).toBe(head);
    expect(moveTold(1)).toBe("`1.0.1` → `1.0.2`");
  });
});

describe("the base goes back behind a merge", () => {
  let first: string;
  let id: string;
  beforeEach(async () => {
    await live();
    // The very first start is looked at once more.
    await pass(60_000);
    first = testBed.repository().branch("main") ?? "";
    id = await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
  });

  test("by force: what is open tells what it moves now", async () => {
    await published("1.0.2");
    const number = testBed.repository().pulls().at(-1)?.number ?? 0;
    expect(moveTold(number)).toBe("`1.0.1` → `1.0.2`");
    forceBack(first);
    await testBed.waitUntilIdle();
    expect(moveTold(number)).toBe("`1.0.0` → `1.0.2`");
    expect(checkOn(number).verdict).toMatch(/^success: /);
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await testBed.waitUntilIdle();
    expect(newestDeployment()).toMatchObject({ promotions: [{ from: "1.0.0", to: "1.0.2" }] });
  });

  test("by force, and the database is lost: what is open tells what it moves now", async () => {
    await published("1.0.2");
    const number = testBed.repository().pulls().at(-1)?.number ?? 0;
    testBed.github.webhooks.sendTo(undefined);
    forceBack(first);
    await testBed.restartWithoutDatabase();
    const text = () => testBed.repository().mustPull(number).body;
    const OUTDATED = "**Outdated:** the base has `xposer` at `1.0.0`, not `1.0.1`";
    await until(() => text().includes(OUTDATED));
    expect(text()).toContain("Announce it again.");
    expect(checkOn(number).verdict).toMatch(/^success: /);
    const once = text();
    await testBed.restart();
    expect(text()).toBe(once);
    await testBed.announce({ version: "1.0.2" });
    await until(() => moveTold(number) === "`1.0.0` → `1.0.2`");
    expect(text()).not.toContain("Outdated");
  });

  test.each([
    ["by force: its version is proposed again at once", () => forceBack(first), 0],
    ["by a push: its version is proposed again when no merge explains it", () => push("1.0.0"), 5_000],
  ])("%s", async (_how, goBack, afterMs) => {
    goBack();
    await testBed.waitUntilIdle();
    if (afterMs > 0) {
      expect(await statesOf(id)).toEqual(["merged #1"]);
      await pass(afterMs);
      await pass(0);
    }
    const number = testBed.repository().pulls().at(-1)?.number ?? 0;
    expect(testBed.pulls().at(-1)).toBe(`#${number} open Promote xposer to 1.0.1 in dev`);
    expect(await statesOf(id)).toEqual([`proposed #${number}`]);
    expect(checkOn(number).verdict).toMatch(/^success: /);
  });
});

test("a version that is proposed again is not told as deployed by the merge that the base lost", async () => {
  await watchedTestBed(driftConfig("{}"));
  await pass(60_000);
  const first = testBed.repository().branch("main") ?? "";
  const id = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(await statesOf(id)).toEqual(["deploying #1"]);
  forceBack(first);
  await testBed.waitUntilIdle();
  const number = testBed.repository().pulls().at(-1)?.number;
  expect(await statesOf(id)).toEqual([`proposed #${number}`]);
  for (const state of ["in_progress", "success"]) {
    await ended(deployments()[0]?.id ?? 0, state);
    expect(await statesOf(id)).toEqual([`proposed #${number}`]);
  }
  testBed.alice.merge(CONFIG_REPOSITORY, number ?? 0);
  await testBed.waitUntilIdle();
  await ended(newest().id, "success");
  expect(await statesOf(id)).toEqual([`deployed #${number}`]);
});

describe("the base is rewritten without a merge that something open stands on", () => {
  const umbrella = (folder: string) => ({
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  });
  const config = "environments:\n  dev: { path: dev }\n  prod: { path: prod, after: dev }\n";
  const PROD = "promote/prod/xposer";
  let first: string;
  beforeEach(async () => {
    const files = { ...umbrella("dev"), ...umbrella("prod"), ".github/chart-promoter.yml": config };
    await live({ files });
    await pass(60_000);
    first = testBed.repository().branch("main") ?? "";
    await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.1 in prod");
    // What happens in a second of GitHub's clock has no order.
    await pass(2_000);
  });
  const deployed = () => [...testBed.repository().deployments.values()].map(({ environment }) => environment);

  test.each([
    ["while it looks", async () => forceBack(first)],
    ["while the server is away", () => away(() => forceBack(first))],
  ])("%s: merging the promotion does not bring it back", async (_when, happens) => {
    await happens();
    await until(() => testBed.fileOn(PROD, FILE)?.includes("version: 1.0.0") === true);
    expect(testBed.fileOn(PROD, "prod/requirements.yaml")).toContain("version: 1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 2);
    await testBed.waitUntilIdle();
    expect(testBed.fileOn("main", FILE)).toContain("version: 1.0.0");
    expect(deployed()).toEqual(["dev", "prod"]);
  });

  test("nothing is made anew where the base still has what it stands on", async () => {
    const head = testBed.repository().branch(PROD);
    const stands = testBed.repository().branch("main") ?? "";
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "README.md": "a\n" } });
    await pass(10_000);
    forceBack(stands);
    await pass(10_000);
    expect(testBed.repository().branch(PROD)).toBe(head);
  });

  test("what people put on the branch since stays there, and the check says what it brings", async () => {
    testBed.alice.push(CONFIG_REPOSITORY, { branch: PROD, files: { "prod/notes.md": "a\n" } });
    await testBed.waitUntilIdle();
    forceBack(first);
    await until(() => checkOn(2).summary.includes(FILE));
    expect(testBed.fileOn(PROD, "prod/notes.md")).toBe("a\n");
    expect(checkOn(2).verdict).toMatch(/^failure: /);
  });

  test.each([
    ["while it looks", async () => forceBack(first)],
    ["while the server is away", () => away(() => forceBack(first))],
  ])(
    "%s: a person's own pull request that stands on it is judged for all that it brings now",
    async (_when, happens) => {
      const text = (testBed.fileOn("main", "prod/requirements.yaml") ?? "").replace("1.0.0", "1.0.1");
      testBed.alice.push(CONFIG_REPOSITORY, {
        branch: "own",
        on: "main",
        files: { "prod/requirements.yaml": text },
      });
      const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "own", title: "Own" });
      await pass(2_000);
      expect(checkOn(number).verdict).toBe("success: Good to merge: xposer 1.0.1 in prod");
      await happens();
      await until(() => checkOn(number).verdict.includes("in dev"));
      expect(checkOn(number).verdict).toMatch(/xposer 1\.0\.1 in dev, xposer 1\.0\.1 in prod/);
    },
  );
});
