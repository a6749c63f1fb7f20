// Where the config names no branch, an environment's branch is the default branch as it is now, also after it became another.

import { describe, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { away, live, pass, published, testBed, until } from "../setting.ts";

function bases(): readonly string[] {
  return testBed
    .repository()
    .pulls()
    .map(({ number, state, merge, base }) => `#${number} ${merge ? "merged" : state} to ${base.branch}`);
}

async function statesOf(id: string): Promise<readonly string[]> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ environment, state }) => `${environment} ${state}`);
}

function deployed(): readonly string[] {
  return [...testBed.repository().deployments.values()].map(
    ({ environment, oid }) => `${environment} ${oid}`,
  );
}

test("the default branch is renamed while a promotion is open: the next version comes, and a merge deploys", async () => {
  await live();
  await published("1.0.1");
  testBed.github.owner("acme").renameBranch(CONFIG_REPOSITORY, "main", "trunk");
  await testBed.waitUntilIdle();
  const id = await published("1.0.2");
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
  expect(bases()).toEqual(["#1 open to trunk"]);
  expect(await statesOf(id)).toEqual(["dev proposed"]);
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => deployed().length > 0);
  expect(deployed()).toEqual([`dev ${sha}`]);
  expect(await statesOf(id)).toEqual(["dev merged"]);
});

test("it is renamed while the server is away", async () => {
  await live();
  await published("1.0.1");
  await testBed.stopServer();
  testBed.github.webhooks.sendTo(undefined);
  testBed.github.owner("acme").renameBranch(CONFIG_REPOSITORY, "main", "trunk");
  await testBed.startServer();
  const id = await published("1.0.2");
  expect(bases()).toEqual(["#1 open to trunk"]);
  expect(await statesOf(id)).toEqual(["dev proposed"]);
});

test.each(["while it looks", "while the server is away"])(
  "what was merged just before it is renamed, %s, is deployed all the same",
  async (when) => {
    await live();
    const id = await published("1.0.1");
    let sha = "";
    const happens = () => {
      sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
      testBed.github.owner("acme").renameBranch(CONFIG_REPOSITORY, "main", "trunk");
    };
    if (when === "while it looks") happens();
    else await away(happens);
    await until(() => deployed().length > 0);
    expect(deployed()).toEqual([`dev ${sha}`]);
    expect(await statesOf(id)).toEqual(["dev merged"]);
    await published("1.0.2");
    expect(bases().at(-1)).toBe("#2 open to trunk");
    await testBed.restart();
    expect(deployed()).toHaveLength(1);
  },
);

describe("what was merged just before a rename is deployed though nothing is known any more of what the branch was called", () => {
  const mergedAndRenamed = (number: number) => {
    const sha = testBed.alice.merge(CONFIG_REPOSITORY, number);
    testBed.github.owner("acme").renameBranch(CONFIG_REPOSITORY, "main", "trunk");
    return sha;
  };

  test("since the App was suspended meanwhile", async () => {
    await live();
    const id = await published("1.0.1");
    const [installation] = testBed.github.world.installations.values();
    testBed.github.owner("acme").suspend(installation?.id ?? 0);
    await testBed.waitUntilIdle();
    const sha = mergedAndRenamed(1);
    testBed.github.owner("acme").unsuspend(installation?.id ?? 0);
    await until(() => deployed().length > 0);
    expect(deployed()).toEqual([`dev ${sha}`]);
    expect(await statesOf(id)).toEqual(["dev merged"]);
  });

  test.each(["the first merge ever", "one of many"])(
    "since the database was lost, and it is %s",
    async (which) => {
      await live();
      const before: string[] = [];
      if (which === "one of many") {
        await published("1.0.1");
        before.push(`dev ${testBed.alice.merge(CONFIG_REPOSITORY, 1)}`);
        await until(() => deployed().length > 0);
        await pass(2_000);
      }
      const number = before.length + 1;
      await published("1.0.2");
      testBed.github.webhooks.sendTo(undefined);
      const sha = mergedAndRenamed(number);
      await testBed.restartWithoutDatabase();
      await until(() => deployed().length > before.length);
      expect(deployed()).toEqual([...before, `dev ${sha}`]);
      await testBed.restartWithoutDatabase();
      await pass(60_000);
      expect(deployed()).toHaveLength(before.length + 1);
    },
  );
});

describe("renamed twice while the server is away, with a person's own merge between", () => {
  const owner = () => testBed.github.owner("acme");
  const mergedBetween = (head: string) => {
    const files = { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" };
    const on = testBed.repository().defaultBranch;
    testBed.alice.push(CONFIG_REPOSITORY, { branch: head, on, files });
    const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head, base: on, title: "Own" });
    return testBed.alice.merge(CONFIG_REPOSITORY, number);
  };

  test("a branch: the merge is deployed", async () => {
    await live();
    let sha = "";
    await away(() => {
      owner().renameBranch(CONFIG_REPOSITORY, "main", "trunk");
      sha = mergedBetween("own");
      owner().renameBranch(CONFIG_REPOSITORY, "trunk", "stem");
    });
    await until(() => deployed().length > 0);
    expect(deployed()).toEqual([`dev ${sha}`]);
    await testBed.restart();
    await pass(60_000);
    expect(deployed()).toHaveLength(1);
    expect(testBed.repository().issues()).toEqual([]);
  });

  test("a branch, with one more merge that was announced before: both are deployed, each once", async () => {
    await live();
    await published("1.0.1");
    const first = testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await until(() => deployed().length > 0);
    await pass(2_000);
    let sha = "";
    await away(() => {
      owner().renameBranch(CONFIG_REPOSITORY, "main", "trunk");
      sha = mergedBetween("own");
      owner().renameBranch(CONFIG_REPOSITORY, "trunk", "stem");
    });
    await until(() => deployed().length > 1);
    expect(deployed()).toEqual([`dev ${first}`, `dev ${sha}`]);
  });

  test("a branch, where the database is lost too", async () => {
    await live();
    await published("1.0.1");
    const first = testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await until(() => deployed().length > 0);
    await pass(2_000);
    testBed.github.webhooks.sendTo(undefined);
    owner().renameBranch(CONFIG_REPOSITORY, "main", "trunk");
    const sha = mergedBetween("own");
    owner().renameBranch(CONFIG_REPOSITORY, "trunk", "stem");
    await testBed.restartWithoutDatabase();
    await until(() => deployed().length > 1);
    expect(deployed()).toEqual([`dev ${first}`, `dev ${sha}`]);
  });

  const named = (name: string) => ({
    ".github/chart-promoter.yml": `environments:\n  ${name}: { path: dev }\n`,
  });

  test("an environment: the merge is deployed to what it is called now", async () => {
    await live();
    let sha = "";
    await away(() => {
      testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: named("stage") });
      sha = mergedBetween("own");
      testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: named("prod") });
    });
    await until(() => deployed().length > 0);
    expect(deployed()).toEqual([`prod ${sha}`]);
  });

  test("an environment and its branch: the merge is deployed", async () => {
    await live();
    let sha = "";
    await away(() => {
      sha = mergedBetween("own");
      owner().renameBranch(CONFIG_REPOSITORY, "main", "trunk");
      testBed.alice.push(CONFIG_REPOSITORY, { branch: "trunk", files: named("prod") });
    });
    await until(() => deployed().length > 0);
    expect(deployed()).toEqual([`prod ${sha}`]);
  });
});

describe("the config names the branch that is renamed", () => {
  const naming = (branch: string) => ({
    ".github/chart-promoter.yml": `environments:\n  dev: { path: dev, branch: ${branch} }\n`,
  });
  const renamed = async (merges: () => string) => {
    await live({ files: { ...configRepository(), ...naming("main") } });
    const id = await published("1.0.1");
    const sha = merges();
    testBed.github.owner("acme").renameBranch(CONFIG_REPOSITORY, "main", "trunk");
    await testBed.waitUntilIdle();
    return { id, sha };
  };
  const mended = async () => {
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "trunk", files: naming("trunk") });
    await testBed.waitUntilIdle();
  };

  test("what is open is refused, not proposed, until the config names the new one", async () => {
    const { id } = await renamed(() => "");
    const { promotions } = await testBed.publishState(id);
    expect(promotions).toMatchObject([{ state: "refused", because: "there is no branch main" }]);
    await mended();
    expect(await statesOf(id)).toEqual(["dev proposed"]);
    expect(bases()).toEqual(["#1 closed to trunk", "#3 open to trunk"]);
  });

  test("what was merged just before is deployed when it names the new one", async () => {
    const { id, sha } = await renamed(() => testBed.alice.merge(CONFIG_REPOSITORY, 1));
    await pass(3 * 60_000);
    expect(deployed()).toEqual([]);
    await mended();
    await until(() => deployed().length > 0);
    expect(deployed()).toEqual([`dev ${sha}`]);
    expect(await statesOf(id)).toEqual(["dev merged"]);
  });
});

test("an environment that goes to a branch without what was merged has nothing deployed there", async () => {
  await live();
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "live", on: "main", files: { "notes.md": "a\n" } });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  const config = "environments:\n  dev: { path: dev, branch: live }\n";
  await away(() => {
    testBed.alice.push(CONFIG_REPOSITORY, {
      branch: "main",
      files: { ".github/chart-promoter.yml": config },
    });
  });
  await pass(60_000);
  expect(deployed().length).toBeLessThanOrEqual(1);
  expect(bases().at(-1)).toBe("#2 open to live");
});

test("a branch that was merged and deleted is not taken for one that was renamed", async () => {
  await live();
  await published("1.0.1");
  let sha = "";
  await away(() => {
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "feature", on: "main", files: { "notes.md": "a\n" } });
    testBed.alice.editPullRequest(CONFIG_REPOSITORY, 1, { base: "feature" });
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    sha = testBed.alice.merge(
      CONFIG_REPOSITORY,
      testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "feature", title: "Feature" }),
    );
    testBed.alice.deleteBranch(CONFIG_REPOSITORY, "feature");
  });
  await pass(60_000);
  expect(deployed()).toEqual([`dev ${sha}`]);
});

test.each(["while it looks", "while the server is away"])(
  "deleting the branch that it leads to, %s, declines nothing: made anew, it is proposed again, and closing that declines",
  async (when) => {
    const config = "environments:\n  prod: { path: dev, branch: release }\n";
    await live({ files: { ...configRepository(), ".github/chart-promoter.yml": config } });
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "release", on: "main", files: { "notes.md": "a\n" } });
    const id = await published("1.0.1");
    const state = async () => (await testBed.publishState(id)).promotions.map((one) => one.state);
    const deleted = () => testBed.alice.deleteBranch(CONFIG_REPOSITORY, "release");
    if (when === "while it looks") deleted();
    else await away(deleted);
    await pass(31_000);
    expect(await state()).toEqual(["refused"]);
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "release", on: "main", files: { "notes.md": "b\n" } });
    await testBed.restart();
    expect(await state()).toEqual(["proposed"]);
    expect([...testBed.repository().comments.values()]).toEqual([]);
    const { number = 0 } = testBed.repository().pulls().at(-1) ?? {};
    expect(testBed.repository().mustPull(number).state).toBe("open");
    testBed.alice.close(CONFIG_REPOSITORY, number);
    await testBed.waitUntilIdle();
    expect(await state()).toEqual(["declined"]);
  },
);
