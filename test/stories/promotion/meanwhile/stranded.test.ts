// A promotion is never stranded: whatever a lost answer or a person left of its branch, the next version comes.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { lockDigest } from "../../../../src/domain/umbrella/lock/lock-digest.ts";
import { commitsBetween } from "../../../../src/sandbox/github/git/history.ts";
import type { Call } from "../../../../src/sandbox/github/http/call.ts";
import type { FilesGiven } from "../../../../src/sandbox/github/people/files.ts";
import { commitOnBranch } from "../../../../src/sandbox/github/world/repositories/commits.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../../src/sandbox/test-bed.ts";
import { live, pass, published, testBed, until } from "../../setting.ts";

const BRANCH = "promote/dev/xposer";
const HAND_EDIT = { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" };

const isMutation = ({ kind }: Call) => kind === "mutation";

function versionOn(branch: string): string | undefined {
  return /name: xposer\n\s+version: (\S+)/.exec(testBed.fileOn(branch, "dev/requirements.yaml") ?? "")?.[1];
}

async function stateOf(id: string): Promise<string> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map((one) => `${one.state}: ${one.because}`).join();
}

describe("a branch without commits of its own is nobody's", () => {
  beforeEach(() => live());

  test.each([1, 2])(
    "when only the first %i parts of the document that opens it took effect",
    async (fields) => {
      testBed.github.fault({ match: isMutation }, { kind: "prefix", fields });
      await testBed.publish({ version: "1.0.1" });
      await until(() => testBed.pulls().length > 0);
      expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
      expect(versionOn(BRANCH)).toBe("1.0.1");
    },
  );

  test("when its commit is refused once, and the base has moved on since", async () => {
    const refused = { kind: "field-refused", field: "createCommitOnBranch" } as const;
    testBed.github.fault({ match: isMutation, times: 20 }, refused);
    await published("1.0.1");
    expect(versionOn(BRANCH)).toBe("1.0.0");
    testBed.github.faults.clear();
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "notes.md": "later\n" } });
    await published("1.0.2");
    expect(testBed.pulls()).toEqual(["#2 open Promote xposer to 1.0.2 in dev"]);
  });

  test("when a person resets it to its base, which closes the pull request", async () => {
    await published("1.0.1");
    const base = testBed.repository().branch("main") ?? "";
    testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: BRANCH, to: base, force: true });
    await published("1.0.2");
    await until(() => testBed.pulls().at(-1) === "#2 open Promote xposer to 1.0.2 in dev");
  });

  test("when a person makes one that stands behind the base", async () => {
    const base = testBed.repository().branch("main") ?? "";
    testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: BRANCH, to: base });
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "notes.md": "later\n" } });
    await published("1.0.1");
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  });
});

describe("what people do that changes nothing", () => {
  beforeEach(() => live());

  test("the button Update branch does not make a branch people's", async () => {
    await published("1.0.1");
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/values.yaml": "later: true\n" } });
    await testBed.waitUntilIdle();
    testBed.alice.updateBranch(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    const before = testBed.repository().branch(BRANCH);
    await testBed.restart();
    expect(testBed.repository().branch(BRANCH)).toBe(before);
    const id = await published("1.0.2");
    expect(await stateOf(id)).toMatch(/^proposed/);
    expect(versionOn(BRANCH)).toBe("1.0.2");
    expect(testBed.fileOn(BRANCH, "dev/values.yaml")).toBe("later: true\n");
  });

  test("nor where the base changed a file that the promotion touches elsewhere", async () => {
    const requirements = `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n${"# a line\n".repeat(9)}`;
    testBed.alice.push(CONFIG_REPOSITORY, {
      branch: "main",
      files: { "dev/requirements.yaml": requirements },
    });
    await published("1.0.1");
    const more = { "dev/requirements.yaml": `${requirements}# one more\n` };
    await testBed.stopServer();
    testBed.github.webhooks.sendTo(undefined);
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: more });
    testBed.alice.updateBranch(CONFIG_REPOSITORY, 1);
    await testBed.startServer();
    await published("1.0.2");
    expect(versionOn(BRANCH)).toBe("1.0.2");
    expect(testBed.fileOn(BRANCH, "dev/requirements.yaml")).toContain("# one more");
  });

  test("a merge of the base in which a person resolved a conflict by hand is theirs", async () => {
    await published("1.0.1");
    const head = testBed.repository().branch(BRANCH) ?? "";
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "notes.md": "later\n" } });
    testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, merging: "main", files: HAND_EDIT });
    const id = await published("1.0.2");
    expect(await stateOf(id)).toMatch(/^refused: #1 holds commits by alice/);
    expect(versionOn(BRANCH)).toBe("1.0.1");
    expect(testBed.repository().branch(BRANCH)).not.toBe(head);
  });

  test("a branch put back to an earlier commit of the App, by force or by a revert, is still the App's", async () => {
    await published("1.0.1");
    const first = testBed.repository().branch(BRANCH) ?? "";
    await published("1.0.2");
    // Else the App would put 1.0.2 back with a commit of the same contents, parent and second: the very same commit.
    await pass(1_100);
    testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: BRANCH, to: first, force: true });
    await published("1.0.3");
    await until(() => versionOn(BRANCH) === "1.0.3");
    testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, treeOf: first, files: {}, message: "Revert" });
    await published("1.0.4");
    await until(() => versionOn(BRANCH) === "1.0.4");
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.4 in dev"]);
  });

  test("only the signature and the App's own address make a commit the App's", async () => {
    await published("1.0.1");
    const { bot } = testBed.github.world.app;
    testBed.github.as(bot.login).push(CONFIG_REPOSITORY, { branch: BRANCH, files: HAND_EDIT });
    const id = await published("1.0.2");
    expect(await stateOf(id)).toMatch(/^refused: #1 holds commits/);
    expect(testBed.fileOn(BRANCH, "dev/xposer.yaml")).toContain("replicas: 3");
  });
});

const versions = Number(process.env["VERSIONS"] ?? 24);

test(
  `${versions} versions on one open pull request keep its branch short, and the last one comes`,
  async () => {
    await live();
    for (let patch = 1; patch <= versions; patch++) await published(`1.0.${patch}`);
    expect(testBed.pulls()).toEqual([`#1 open Promote xposer to 1.0.${versions} in dev`]);
    expect(versionOn(BRANCH)).toBe(`1.0.${versions}`);
    expect(commitsOn(BRANCH)).toBeLessThanOrEqual(10);
  },
  60_000 + versions * 6_000,
);

test("more commits of the App than one read shows are the App's all the same", async () => {
  await live();
  await published("1.0.1");
  commitMuch(130);
  await published("1.0.2");
  expect(versionOn(BRANCH)).toBe("1.0.2");
  expect(commitsOn(BRANCH)).toBe(1);
});

test.each([30, 130])("a person's commit below %i of the App's own is kept all the same", async (times) => {
  await live();
  await published("1.0.1");
  const ours = testBed.repository().branch(BRANCH) ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: BRANCH, files: HAND_EDIT });
  commitMuch(times, ours);
  const head = testBed.repository().branch(BRANCH);
  const id = await published("1.0.2");
  expect(await stateOf(id)).toMatch(/^refused: #1 holds commits by alice/);
  expect(testBed.repository().branch(BRANCH)).toBe(head);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rebase");
  await testBed.waitUntilIdle();
  expect(versionOn(BRANCH)).toBe("1.0.2");
  expect(testBed.fileOn(BRANCH, "dev/xposer.yaml")).toContain("replicas: 2");
});

/** As a version of the App did that never made its branches short; `like`: the commit whose message they have. */
function commitMuch(times: number, like = testBed.repository().branch(BRANCH) ?? ""): void {
  const { world } = testBed.github;
  const repository = testBed.repository();
  const { message } = repository.objects.mustCommit(like);
  for (let time = 0; time < times; time++)
    commitOnBranch(world, repository, {
      ...{ branch: BRANCH, expectedHeadOid: repository.branch(BRANCH) ?? "", message },
      ...{ additions: [{ path: "dev/notes.md", contents: Buffer.from(`${time}`) }], deletions: [] },
      actor: world.app.bot,
    });
}

function commitsOn(branch: string): number {
  const { objects, ...repository } = testBed.repository();
  const [base = "", head = ""] = ["main", branch].map((name) => repository.refs.get(`refs/heads/${name}`));
  return commitsBetween(objects, base, head).length;
}

test("the same version announced again after the database was lost pushes nothing, whatever its lock says", async () => {
  await live({ files: lockedRepository() });
  await published("1.0.1");
  const head = testBed.repository().branch(BRANCH);
  expect(testBed.fileOn(BRANCH, "dev/Chart.lock")).toContain("version: 1.0.1");
  await testBed.restartWithoutDatabase();
  await pass(1_100);
  await testBed.announce({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  expect(testBed.repository().branch(BRANCH)).toBe(head);
  await published("1.0.2");
  expect(testBed.fileOn(BRANCH, "dev/Chart.lock")).toContain("version: 1.0.2");
});

/** Helm 3 style, with a lock that is in step. */
function lockedRepository(): FilesGiven {
  const dependency = { name: "xposer", version: "1.0.0", repository: MUSEUM_URL };
  const entry = `- name: xposer\n  version: 1.0.0\n  repository: ${MUSEUM_URL}\n`;
  const digest = lockDigest("helm3", { required: [dependency], locked: [dependency] });
  return {
    ...configRepository(),
    "dev/requirements.yaml": null,
    "dev/Chart.yaml": `apiVersion: v2\nname: umbrella\nversion: 0.1.0\ndependencies:\n${entry}`,
    "dev/Chart.lock": `dependencies:\n${entry}digest: ${digest}\ngenerated: "2020-01-01T00:00:00Z"\n`,
  };
}
