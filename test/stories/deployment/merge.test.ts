// What reaches an environment's branch: every merge is deployed once, whoever made it and however; a push is not.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { signingSecret } from "../../../src/domain/model/secret/secret.ts";
import { createDeployment } from "../../../src/sandbox/github/world/deployments.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { away, live, pass, testBed, until } from "../setting.ts";

const TWO_ENVIRONMENTS = {
  ...configRepository(),
  ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n  staging:\n    path: staging\n",
  "staging/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "staging/values.yaml": "a: 1\n",
};

beforeEach(() => live({ files: TWO_ENVIRONMENTS }));

const METHODS = ["merge", "squash", "rebase"] as const;

/**
 * A pull request with one commit of carol's for each given set of files; answers its number. A rebase by alice then makes
 * other commits of them, as on GitHub it always does.
 */
function proposed(...commits: readonly { readonly [path: string]: string | null }[]): number {
  for (const [at, files] of commits.entries())
    testBed.github
      .as("carol")
      .push(CONFIG_REPOSITORY, { branch: "feature", files, ...(at === 0 && { on: "main" }) });
  return testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "feature", title: "By hand" });
}

/** `dev <commit>` of every deployment, in the order they were made. */
function deployed(): readonly string[] {
  return [...testBed.repository().deployments.values()].map(
    ({ environment, oid }) => `${environment} ${oid}`,
  );
}

function issues(): readonly string[] {
  return testBed
    .repository()
    .issues()
    .map(({ state, body }) => `${state} ${body}`);
}

/** Long enough for a push to be looked into, and to be found direct. */
async function afterTheAudit(): Promise<void> {
  await pass(2_000);
  await pass(5_000);
}

test.each(METHODS)(
  "a person's pull request of several commits, merged by %s, deploys each environment it changed",
  async (method) => {
    const number = proposed(
      { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
      { "staging/values.yaml": "a: 2\n" },
      { "README.md": "text\n" },
    );
    const sha = testBed.alice.merge(CONFIG_REPOSITORY, number, { method });
    await testBed.waitUntilIdle();
    expect(deployed()).toEqual([`dev ${sha}`, `staging ${sha}`]);
  },
);

test("a pull request that changes no environment deploys nothing", async () => {
  testBed.alice.merge(CONFIG_REPOSITORY, proposed({ "README.md": "text\n", "devices/a.yaml": "a: 1\n" }));
  await testBed.waitUntilIdle();
  expect(deployed()).toEqual([]);
});

test("a file that moves out of an environment's folder changes both", async () => {
  const number = proposed({ "dev/xposer.yaml": null, "staging/xposer.yaml": "xposer:\n  replicas: 2\n" });
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, number);
  await testBed.waitUntilIdle();
  expect(deployed()).toEqual([`dev ${sha}`, `staging ${sha}`]);
});

describe("a merge that brings an environment's folder to another place, with the config", () => {
  const config = (path: string) => ({
    ".github/chart-promoter.yml": `environments:\n  dev:\n    path: ${path}\n  staging:\n    path: staging\n`,
  });
  const moving = (version: string, path = "live/dev") => {
    const below = Object.entries(TWO_ENVIRONMENTS).filter(([file]) => file.startsWith("dev/"));
    const moved = below.map(([file, text]) => [
      `${path}/${file.slice(4)}`,
      text.replace("version: 1.0.0", `version: ${version}`),
    ]);
    return proposed({
      ...config(path),
      ...Object.fromEntries(below.map(([file]) => [file, null])),
      ...Object.fromEntries(moved),
    });
  };
  const payloads = () => [...testBed.repository().deployments.values()].map(({ payload }) => payload);

  test.each([
    ["as it is", "1.0.0", []],
    ["with a newer version", "1.0.1", [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }]],
  ] as const)("%s: it moves from what stood in the folder before", async (_how, version, promotions) => {
    const number = moving(version);
    testBed.alice.merge(CONFIG_REPOSITORY, number, { method: "squash" });
    await testBed.waitUntilIdle();
    expect(payloads()).toEqual([{ promotions, pullRequest: number }]);
  });

  test("while the server is away", async () => {
    const number = moving("1.0.1");
    await away(() => testBed.alice.merge(CONFIG_REPOSITORY, number));
    await testBed.waitUntilIdle();
    expect(payloads()).toEqual([
      { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }], pullRequest: number },
    ]);
  });

  test("told of by the merge alone, the push is not heard of", async () => {
    const number = moving("1.0.1");
    await testBed.waitUntilIdle();
    const { webhooks } = testBed.github;
    webhooks.trouble(({ event }) => event === "push", { kind: "drop" });
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await until(() => payloads().length > 0);
    expect(payloads()).toEqual([
      { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }], pullRequest: number },
    ]);
  });

  const renaming = (files: { readonly [path: string]: string | null } = {}) => {
    const below = Object.entries(TWO_ENVIRONMENTS).filter(([file]) => file.startsWith("dev/"));
    return proposed({
      ".github/chart-promoter.yml":
        "environments:\n  development:\n    path: live/dev\n  staging:\n    path: staging\n",
      ...Object.fromEntries(below.map(([file]) => [file, null])),
      ...Object.fromEntries(
        below.map(([file, text]) => [`live/${file}`, text.replace("version: 1.0.0", "version: 1.0.1")]),
      ),
      ...files,
    });
  };

  test("and another name: it moves from what stood in the folder before", async () => {
    const number = renaming();
    testBed.alice.merge(CONFIG_REPOSITORY, number, { method: "squash" });
    await testBed.waitUntilIdle();
    expect(payloads()).toEqual([
      { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }], pullRequest: number },
    ]);
  });

  test("that stays in the repository belongs to no environment that is new in the same merge", async () => {
    const kept = Object.entries(TWO_ENVIRONMENTS).filter(([file]) => file.startsWith("dev/"));
    const number = renaming(Object.fromEntries(kept));
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await testBed.waitUntilIdle();
    expect(payloads()).toEqual([
      { promotions: [{ chart: "xposer", from: "", to: "1.0.1" }], pullRequest: number },
    ]);
  });

  test("but for a file, and the config follows: it is deployed once, from there", async () => {
    const below = Object.entries(TWO_ENVIRONMENTS).filter(([file]) => file.startsWith("dev/"));
    const number = proposed({
      ...Object.fromEntries(below.map(([file]) => [file, null])),
      "dev/README.md": "moved\n",
      ...Object.fromEntries(
        below.map(([file, text]) => [`live/${file}`, text.replace("version: 1.0.0", "version: 1.0.1")]),
      ),
    });
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await afterTheAudit();
    await away(() => undefined);
    expect(payloads()).toEqual([]);
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: config("live/dev") });
    await until(() => payloads().length > 0);
    expect(payloads()).toEqual([
      { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }], pullRequest: number },
    ]);
  });

  test.each(["pushed", "merged"])(
    "first, and the config is %s later: it is deployed once, from there",
    async (how) => {
      const below = Object.entries(TWO_ENVIRONMENTS).filter(([file]) => file.startsWith("dev/"));
      const number = proposed({
        ...Object.fromEntries(below.map(([file]) => [file, null])),
        ...Object.fromEntries(
          below.map(([file, text]) => [`live/${file}`, text.replace("version: 1.0.0", "version: 1.0.1")]),
        ),
      });
      testBed.alice.merge(CONFIG_REPOSITORY, number);
      await afterTheAudit();
      expect(payloads()).toEqual([]);
      if (how === "pushed")
        testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: config("live/dev") });
      else {
        testBed.alice.push(CONFIG_REPOSITORY, { branch: "later", on: "main", files: config("live/dev") });
        const second = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "later", title: "Later" });
        testBed.alice.merge(CONFIG_REPOSITORY, second);
      }
      await until(() => payloads().length > 0);
      await pass(3_600_000);
      expect(payloads()).toEqual([
        { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }], pullRequest: number },
      ]);
      expect(issues().filter((line) => line.startsWith("open"))).toEqual([]);
    },
  );

  const named = (...lines: readonly string[]) => ({
    ".github/chart-promoter.yml": `environments:\n${lines.map((line) => `  ${line}\n`).join("")}`,
  });
  const inFolder = (folder: string, version: string, replicas: number) => ({
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: testBed
      .fileOn("main", "dev/requirements.yaml")
      ?.replace("version: 1.0.0", `version: ${version}`) as string,
    [`${folder}/xposer.yaml`]: `xposer:\n  replicas: ${replicas}\n`,
  });
  const without = (folder: string) =>
    Object.fromEntries(
      ["Chart.yaml", "requirements.yaml", "xposer.yaml"].map((file) => [`${folder}/${file}`, null]),
    );
  const replicasInDev = () =>
    Number(/replicas: (\d+)/.exec(testBed.fileOn("main", "dev/xposer.yaml") ?? "")?.[1]);

  test("and another name, as another one does: each moves from what stood in its own folder", async () => {
    testBed.alice.push(CONFIG_REPOSITORY, {
      branch: "main",
      files: {
        ...named("dev: { path: dev }", "prod: { path: prod }"),
        ...inFolder("prod", "0.9.0", 7),
      },
    });
    await testBed.waitUntilIdle();
    const number = proposed({
      ...named("production: { path: live/prod }", "development: { path: live/dev }"),
      ...without("dev"),
      ...without("prod"),
      ...inFolder("live/dev", "1.0.1", replicasInDev()),
      ...inFolder("live/prod", "1.0.0", 7),
    });
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await testBed.waitUntilIdle();
    expect(
      payloads().toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
    ).toEqual([
      { promotions: [{ chart: "xposer", from: "0.9.0", to: "1.0.0" }], pullRequest: number },
      { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }], pullRequest: number },
    ]);
  });

  test("that goes while an environment of its own comes: that one moves from nothing", async () => {
    const number = proposed({
      ...named("staging: { path: staging }", "qa: { path: qa }"),
      ...without("dev"),
      ...inFolder("qa", "1.0.1", 42),
    });
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await testBed.waitUntilIdle();
    expect(payloads()).toEqual([
      { promotions: [{ chart: "xposer", from: "", to: "1.0.1" }], pullRequest: number },
    ]);
  });

  test("and back before the config follows: it moves from what stood there first", async () => {
    const back = testBed.fileOn("main", "dev/requirements.yaml") ?? "";
    const replicas = replicasInDev();
    const away = proposed({ ...without("dev"), ...inFolder("live/dev", "1.0.0", replicas) });
    testBed.alice.merge(CONFIG_REPOSITORY, away);
    await afterTheAudit();
    expect(payloads()).toEqual([]);
    testBed.alice.push(CONFIG_REPOSITORY, {
      branch: "back",
      on: "main",
      files: {
        ...without("live/dev"),
        "dev/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
        "dev/requirements.yaml": back.replace("version: 1.0.0", "version: 1.0.1"),
        "dev/xposer.yaml": `xposer:\n  replicas: ${replicas}\n`,
      },
    });
    const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "back", title: "Back" });
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await until(() => payloads().length > 0);
    expect(payloads()).toEqual([
      { promotions: [{ chart: "xposer", from: "1.0.0", to: "1.0.1" }], pullRequest: number },
    ]);
  });

  test("an environment that is new there moves from nothing", async () => {
    const number = proposed({
      ".github/chart-promoter.yml": `${TWO_ENVIRONMENTS[".github/chart-promoter.yml"]}  prod:\n    path: prod\n`,
      "prod/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
      "prod/requirements.yaml": testBed.fileOn("main", "dev/requirements.yaml") ?? "",
    });
    testBed.alice.merge(CONFIG_REPOSITORY, number);
    await testBed.waitUntilIdle();
    expect(payloads()).toEqual([
      { promotions: [{ chart: "xposer", from: "", to: "1.0.0" }], pullRequest: number },
    ]);
  });
});

test("more files than GitHub lists at once still cost one query", async () => {
  const files = Object.fromEntries(Array.from({ length: 250 }, (_, at) => [`docs/${at}.md`, `${at}\n`]));
  const number = proposed({ ...files, "staging/values.yaml": "a: 2\n" });
  await testBed.waitUntilIdle();
  testBed.github.requests.mark();
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, number);
  await testBed.waitUntilIdle();
  expect(deployed()).toEqual([`staging ${sha}`]);
  const requests = testBed.github.requests.counted.map(({ operationName, path }) => operationName ?? path);
  expect(requests.filter((name) => name === "MergeProof")).toHaveLength(1);
  expect(requests.filter((name) => name.endsWith("/deployments"))).toHaveLength(1);
});

test("a pull request from a fork deploys like any other", async () => {
  const fork = testBed.github.owner("carol").fork(CONFIG_REPOSITORY);
  const carol = testBed.github.as("carol");
  carol.push(fork.fullName, { branch: "feature", files: { "dev/xposer.yaml": "xposer:\n  replicas: 4\n" } });
  const number = carol.openPullRequest(CONFIG_REPOSITORY, { head: "carol:feature", title: "From a fork" });
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, number);
  await testBed.waitUntilIdle();
  expect(deployed()).toEqual([`dev ${sha}`]);
});

test("one push of the merge queue deploys every pull request of the group, and is no direct push", async () => {
  const one = proposed({ "dev/xposer.yaml": "xposer:\n  replicas: 3\n" });
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "other",
    on: "main",
    files: { "staging/values.yaml": "a: 2\n" },
  });
  const two = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "other", title: "Other" });
  const group = testBed.alice.mergeQueue(CONFIG_REPOSITORY, [one, two]);
  testBed.alice.mergeGroup(CONFIG_REPOSITORY, group);
  await testBed.waitUntilIdle();
  expect(deployed().toSorted()).toEqual([`dev ${group.members[0]?.oid}`, `staging ${group.members[1]?.oid}`]);
  await afterTheAudit();
  expect(issues()).toEqual([]);
});

test("a direct push deploys nothing: one issue says what and by whom, and the next deployment that contains it closes it", async () => {
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { "dev/xposer.yaml": "xposer:\n  replicas: 5\n" },
    message: "Sneak @everyone in",
  });
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "README.md": "text\n" } });
  await until(() => issues().length > 0);
  expect(deployed()).toEqual([]);
  expect(issues()).toEqual([expect.stringMatching(/^open .*`dev`: `alice` pushed .*Sneak `@everyone` in/s)]);
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { "dev/more.yaml": "a: 1\n" },
    message: "More",
  });
  await until(() => issues().join().includes("More"));
  expect(issues()).toHaveLength(1);
  testBed.alice.merge(CONFIG_REPOSITORY, proposed({ "staging/values.yaml": "a: 2\n" }));
  await testBed.waitUntilIdle();
  expect(issues()).toEqual([expect.stringMatching(/^open/)]);
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "fix",
    on: "main",
    files: { "dev/xposer.yaml": "xposer:\n  replicas: 6\n" },
  });
  testBed.alice.merge(
    CONFIG_REPOSITORY,
    testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "fix", title: "Fix" }),
  );
  await testBed.waitUntilIdle();
  expect(issues()).toEqual([expect.stringMatching(/^closed/)]);
});

test("after the loss of the database, a direct push is still told of until a deployment contains it", async () => {
  const push = (file: string, message: string) =>
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [file]: "a: 1\n" }, message });
  const first = testBed.alice.merge(CONFIG_REPOSITORY, replicas(3));
  await testBed.waitUntilIdle();
  // GitHub's clock counts seconds.
  await pass(1_100);
  testBed.github.webhooks.sendTo(undefined);
  const untold = testBed.alice.merge(CONFIG_REPOSITORY, replicas(4));
  testBed.github.webhooks.sendTo({
    url: `${testBed.url()}/api/github/webhooks`,
    secret: signingSecret(testBed.settings.webhookSecret),
  });
  push("dev/more.yaml", "Sneak --> @everyone in");
  await until(() => issues().length > 0);
  const before = issues();
  await testBed.restartWithoutDatabase();
  expect(deployed()).toEqual([`dev ${first}`, `dev ${untold}`]);
  expect(issues()).toEqual(before);
  push("dev/again.yaml", "And again");
  await until(() => issues().join().includes("And again"));
  expect(issues()).toEqual([expect.stringMatching(/^open .*Sneak .*And again/s)]);
  await testBed.restartWithoutDatabase();
  testBed.alice.merge(CONFIG_REPOSITORY, replicas(5));
  await testBed.waitUntilIdle();
  expect(issues()).toEqual([expect.stringMatching(/^closed/)]);
});

test("a pull request that somebody merged at home and pushed is a push", async () => {
  const number = proposed({ "dev/xposer.yaml": "xposer:\n  replicas: 3\n" });
  await testBed.waitUntilIdle();
  testBed.alice.mergeLocallyAndPush(CONFIG_REPOSITORY, { branch: "feature" });
  await until(() => issues().length > 0);
  expect(testBed.pulls()).toEqual([`#${number} merged By hand`]);
  expect(deployed()).toEqual([]);
  expect(issues()).toEqual([expect.stringMatching(/^open .*`alice` pushed .*Merge branch/s)]);
});

test("so is a promotion whose own commit somebody pushed to the base", async () => {
  await testBed.publish({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  const to = testBed.repository().branch("promote/dev/xposer") ?? "";
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "main", to });
  await until(() => issues().length > 0);
  expect(testBed.pulls()).toEqual(["#1 merged Promote xposer to 1.0.1 in dev"]);
  expect(deployed()).toEqual([]);
});

test("history moved by force is reported, and a new branch is not", async () => {
  const first = testBed.repository().branch("main") ?? "";
  testBed.alice.merge(CONFIG_REPOSITORY, proposed({ "dev/xposer.yaml": "xposer:\n  replicas: 3\n" }));
  await testBed.waitUntilIdle();
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "main", to: first, force: true });
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "new", on: "main", files: { "dev/a.yaml": "a: 1\n" } });
  await until(() => issues().length > 0);
  expect(issues()).toEqual([expect.stringMatching(/^open .*`alice` forced .*to `main`/s)]);
  expect(deployed()).toHaveLength(1);
});

test.each(METHODS)(
  "no merge by %s is mistaken for a push, however late GitHub's index knows of it",
  async (method) => {
    Object.assign(testBed.github.world, { associationLagMs: 3_600_000 });
    const number = proposed({ "README.md": "text\n" }, { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" });
    testBed.github.webhooks.sendTo(undefined);
    const before = testBed.repository().branch("main");
    const sha = testBed.alice.merge(CONFIG_REPOSITORY, number, { method });
    await testBed.stopServer();
    await testBed.startServer();
    expect(before).not.toBe(sha);
    await afterTheAudit();
    expect(deployed()).toEqual([`dev ${sha}`]);
    expect(issues()).toEqual([]);
  },
);

test("a merge further back than a hundred commits is proved all the same", async () => {
  const number = proposed({ "dev/xposer.yaml": "xposer:\n  replicas: 3\n" });
  await testBed.stopServer();
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, number);
  for (let at = 0; at < 120; at++)
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "README.md": `${at}\n` } });
  await testBed.startServer();
  expect(deployed()).toEqual([`dev ${sha}`]);
});

test("what was merged before the App came stays history; what a lost database missed is deployed", async () => {
  testBed.github.webhooks.sendTo(undefined);
  testBed.alice.merge(CONFIG_REPOSITORY, replicas(3));
  await testBed.restartWithoutDatabase();
  expect(deployed()).toEqual([]);
  // GitHub's clock counts seconds.
  await pass(1_100);
  const second = testBed.alice.merge(CONFIG_REPOSITORY, replicas(4));
  await testBed.waitUntilIdle();
  expect(deployed()).toEqual([`dev ${second}`]);
  testBed.github.webhooks.sendTo(undefined);
  const third = testBed.alice.merge(CONFIG_REPOSITORY, replicas(5));
  await testBed.restartWithoutDatabase();
  expect(deployed()).toEqual([`dev ${second}`, `dev ${third}`]);
});

test("GitHub Actions deploying to an environment of the same name is not taken for the App", async () => {
  testBed.github.webhooks.sendTo(undefined);
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, replicas(3), { method: "squash" });
  const { world } = testBed.github;
  createDeployment(world, testBed.repository(), {
    ...{ ref: sha, environment: "dev", task: "deploy", description: "", payload: {} },
    ...{ autoMerge: false, requiredContexts: [], transient: false, production: false },
    actor: world.account("github-actions[bot]", "Bot"),
  });
  await testBed.restart();
  expect(deployed()).toEqual([`dev ${sha}`, `dev ${sha}`]);
});

/** A pull request that changes `dev`, on a branch of its own. */
function replicas(count: number): number {
  const head = `replicas-${count}`;
  const files = { "dev/xposer.yaml": `xposer:\n  replicas: ${count}\n` };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: head, on: "main", files });
  return testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head, title: head });
}
