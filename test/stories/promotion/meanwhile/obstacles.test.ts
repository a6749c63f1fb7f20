// What keeps an environment from being promoted to, and shows on no pull request, is told in an issue; it is tried again when
// the cause may be gone, and then the issue is closed.

import { describe, expect, test } from "@jest/globals";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";
import type { FilesGiven } from "../../../../src/sandbox/github/people/files.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../../src/sandbox/test-bed.ts";
import { live, pass, published, testBed, until } from "../../setting.ts";

const CONFIG = ".github/chart-promoter.yml";
const PROPOSED = "open Promote xposer to 1.0.1 in dev";

function configured(config: string, files: object = {}) {
  return { ...configRepository(), [CONFIG]: `environments:\n${config}`, ...files };
}

/** `open: * what` of each issue of the App about its config. */
function issues(): readonly string[] {
  return testBed
    .repository()
    .issues()
    .filter(({ body }) => body.includes("chart-promoter:config"))
    .map(({ state, body }) => `${state}: ${(body.match(/^\* .*/gm) ?? []).join("\n")}`);
}

function pulls(): readonly string[] {
  return testBed.pulls().map((line) => line.replace(/^#\d+ /, ""));
}

function push(files: FilesGiven): void {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
}

/** An owner gives the App so much of a permission, and all of the others. */
function givePermission(permission: string): (access: "read" | "write" | undefined) => void {
  const [installation] = testBed.github.world.installations.values();
  const { id = 0, permissions = {} } = installation ?? {};
  const { [permission]: _all, ...others } = permissions;
  return (access) =>
    testBed.github
      .owner("acme")
      .acceptPermissions(id, { ...others, ...(access && { [permission]: access }) });
}

/** By then what GitHub denied is asked for again. */
const AGAIN_MS = 6 * 60_000;

describe("told in the issue", () => {
  test("a folder that is not there, until it is", async () => {
    await live({ files: configured("  dev: { path: environments/dev }\n") });
    await published("1.0.1");
    await testBed.restart();
    expect(issues()).toEqual([expect.stringMatching(/^open: \* `dev`: .*environments\/dev/)]);
    const { "dev/Chart.yaml": chart = "", "dev/requirements.yaml": requirements = "" } = configRepository();
    push({
      "environments/dev/Chart.yaml": chart,
      "environments/dev/requirements.yaml": requirements,
    });
    await testBed.waitUntilIdle();
    expect(pulls()).toEqual([PROPOSED]);
    expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
  });

  test("a branch that is not there, until it is", async () => {
    await live({ files: configured("  dev: { path: dev, branch: release }\n") });
    const id = await published("1.0.1");
    expect(issues()).toEqual([expect.stringMatching(/^open: \* `dev`: There is no branch release\. /)]);
    testBed.alice.pushCommit(CONFIG_REPOSITORY, {
      branch: "release",
      to: testBed.repository().branch("main") ?? "",
    });
    await testBed.waitUntilIdle();
    expect(pulls()).toEqual([PROPOSED]);
    expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
    expect((await testBed.publishState(id)).promotions).toMatchObject([{ state: "proposed" }]);
  });

  test("a leftover branch of a person, until they take it away", async () => {
    await live();
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "promote/dev/xposer", files: { "a.md": "a\n" } });
    await published("1.0.1");
    expect(issues()).toEqual([
      expect.stringMatching(/^open: \* `dev`, `xposer`: .*promote\/dev\/xposer holds commits by alice/),
    ]);
    testBed.alice.deleteBranch(CONFIG_REPOSITORY, "promote/dev/xposer");
    await testBed.waitUntilIdle();
    expect(pulls()).toEqual([PROPOSED]);
    expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
  });

  test("a rule of the repository, in GitHub's words, until it is gone", async () => {
    await live();
    const owner = testBed.github.owner("acme");
    owner.setRules(CONFIG_REPOSITORY, [{ pattern: "promote/*", blocksCreations: true, bypass: [] }]);
    await published("1.0.1");
    expect(issues()).toEqual([expect.stringMatching(/GitHub refuses it: .*creations being restricted/)]);
    owner.setRules(CONFIG_REPOSITORY, []);
    await testBed.restart();
    expect(pulls()).toEqual([PROPOSED]);
    expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
  });

  test("a permission that the App was not given, until it is accepted", async () => {
    await live();
    const owner = testBed.github.owner("acme");
    const [installation] = testBed.github.world.installations.values();
    const { id = 0, permissions = {} } = installation ?? {};
    owner.acceptPermissions(id, { ...permissions, contents: "read" });
    await testBed.restart();
    await published("1.0.1");
    expect(issues()).toEqual([
      expect.stringMatching(/GitHub refuses it: .*Resource not accessible.*permissions.*app\.yml/),
    ]);
    owner.acceptPermissions(id, permissions);
    await until(() => pulls().length > 0);
    expect(pulls()).toEqual([PROPOSED]);
    expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
  });

  test.each(["read", undefined] as const)(
    "checks that the App may not write (%s), until it may: then they are made up for",
    async (access) => {
      await live();
      const give = givePermission("checks");
      give(access);
      // The token that it has was given with the permissions of before.
      await testBed.restart();
      await published("1.0.1");
      expect(pulls()).toEqual([PROPOSED]);
      expect(issues()).toEqual([
        expect.stringMatching(/^open: \* `checks`: without it, no pull request gets/),
      ]);
      give("write");
      await pass(AGAIN_MS);
      expect([...testBed.repository().checkRuns.values()].map(({ conclusion }) => conclusion)).toEqual([
        "success",
      ]);
      expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
    },
  );

  test.each(["read", undefined] as const)(
    "deployments that the App may not write (%s), until it may: the merge is not deployed before, and others go on",
    async (access) => {
      await live();
      const id = await published("1.0.1");
      const give = givePermission("deployments");
      give(access);
      // The token that it has was given with the permissions of before.
      await testBed.restart();
      testBed.alice.merge(CONFIG_REPOSITORY, 1);
      await published("1.0.2");
      expect(pulls()).toEqual([
        "merged Promote xposer to 1.0.1 in dev",
        "open Promote xposer to 1.0.2 in dev",
      ]);
      expect(issues()).toEqual([
        expect.stringMatching(
          /^open: \* `deployments`: without it, no merge is recorded, and none is deployed/,
        ),
      ]);
      const state = async () => (await testBed.publishState(id)).promotions[0];
      expect(await state()).toMatchObject({ state: "merged" });
      give("write");
      await pass(AGAIN_MS);
      const { deployments } = testBed.repository();
      expect([...deployments.values()].map(({ environment, task }) => `${task} ${environment}`)).toEqual([
        "deploy dev",
      ]);
      expect(await state()).toMatchObject({
        state: "merged",
        because: expect.not.stringContaining("denies"),
      });
      expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
    },
  );

  test("a chart repository that this config repository may not use", async () => {
    await live({ chartRepository: { repositories: ["globex/*"] } });
    await published("1.0.1");
    expect(issues()).toEqual([
      expect.stringMatching(
        /^open: \* `dev`, `xposer`: .*"stakater".* may not use.*chartRepositories\.stakater/,
      ),
    ]);
    expect(pulls()).toEqual([]);
  });

  test("a lock that is out of step, until it is mended; the issue is one and the same", async () => {
    const lock = "dependencies:\n- name: xposer\n  version: 0.9.0\n  repository: x\ndigest: none\n";
    await live({ files: configured("  dev: { path: dev }\n", { "dev/requirements.lock": lock }) });
    await published("1.0.1");
    await published("1.0.2");
    await testBed.restart();
    expect(issues()).toEqual([expect.stringMatching(/^open: \* `dev`, `xposer`: .*helm dependency/)]);
    push({ "dev/requirements.lock": null });
    await testBed.waitUntilIdle();
    expect(pulls()).toEqual(["open Promote xposer to 1.0.2 in dev"]);
    expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
  });
});

describe("`after` that can never be met is told, and /promote is the way in", () => {
  const umbrella = (folder: string, version: string) => ({
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: `dependencies:\n  - name: xposer\n    version: ${version}\n    repository: ${MUSEUM_URL}\n`,
  });
  const AFTER = "  dev: { path: dev }\n  prod: { path: prod, after: dev }\n";

  /** Comments under the newest issue; answers the App's reactions. */
  async function commented(body: string): Promise<readonly string[]> {
    const number = testBed.repository().issues().at(-1)?.number ?? 0;
    const id = testBed.alice.comment(CONFIG_REPOSITORY, number, body);
    await testBed.waitUntilIdle();
    const { reactions } = testBed.repository();
    return [...reactions.values()].filter(({ subject }) => subject.key === id).map(({ content }) => content);
  }

  test("a version that stood there before the App came", async () => {
    await live({ files: configured(AFTER, { ...umbrella("dev", "1.0.1"), ...umbrella("prod", "1.0.0") }) });
    const id = await published("1.0.1");
    const reported =
      /^open: \* `prod`, `xposer`: .*dev has 1\.0\.1.*no deployment.*(\/promote xposer 1\.0\.1 to prod)/;
    expect(issues()).toEqual([expect.stringMatching(reported)]);
    const { promotions } = await testBed.publishState(id);
    expect(promotions.find(({ environment }) => environment === "prod")).toMatchObject({
      state: "unchanged",
    });
    expect(await commented(reported.exec(issues()[0] ?? "")?.[1] ?? "")).toEqual(["+1"]);
    expect(pulls()).toEqual(["open Promote xposer to 1.0.1 in prod"]);
    expect(issues()).toEqual([expect.stringMatching(/^closed: /)]);
    const [pull] = testBed.repository().pulls();
    expect(pull?.body).toMatch(/alice.*asked for it.*dev has 1\.0\.1/);
    const check = () => [...testBed.repository().checkRuns.values()].at(-1);
    expect(check()?.conclusion).toBe("success");
    await testBed.restartWithoutDatabase();
    await testBed.announce({ version: "1.0.1" });
    await testBed.waitUntilIdle();
    expect(pulls()).toEqual(["open Promote xposer to 1.0.1 in prod"]);
    expect(check()?.conclusion).toBe("success");
  });

  test("a version that stood in another repository before the App came, until it is deployed there after all", async () => {
    await live({ files: configured("  prod: { path: dev, after: 'acme/other#dev' }\n") });
    const { [CONFIG]: _config, ...files } = configRepository();
    const other = {
      ...files,
      ...umbrella("dev", "1.0.1"),
      [CONFIG]: "environments:\n  dev: { path: dev }\n",
    };
    testBed.github.createRepository({ name: "acme/other", files: other, people: { alice: "write" } });
    await testBed.waitUntilIdle();
    await published("1.0.1");
    expect(issues()).toEqual([
      expect.stringMatching(
        /^open: .*dev has 1\.0\.1, and no deployment of it is on record.*\/promote xposer 1\.0\.1 to prod/,
      ),
    ]);
    await published("1.0.2");
    expect(pulls()).toEqual([]);
    testBed.alice.merge("acme/other", 1);
    await until(() => pulls().length > 0);
    expect(pulls()).toEqual(["open Promote xposer to 1.0.2 in prod"]);
    await until(() => issues().every((issue) => issue.startsWith("closed: ")));
  });

  test("a repository that the App does not see", async () => {
    await live({ files: configured("  dev: { path: dev, after: 'acme/gone#staging' }\n") });
    await published("1.0.1");
    expect(issues()).toEqual([expect.stringMatching(/acme\/gone.*the App does not see/)]);
    expect(await commented("/promote xposer 1.0.1 to dev")).toEqual(["+1"]);
    expect(pulls()).toEqual([PROPOSED]);
  });

  test("an environment that was renamed in another repository", async () => {
    await live({ files: configured("  dev: { path: dev, after: 'acme/other#old' }\n") });
    const { [CONFIG]: _config, ...files } = configRepository();
    const other = { ...files, [CONFIG]: "environments:\n  renamed: { path: dev }\n" };
    testBed.github.createRepository({ name: "acme/other", files: other });
    await testBed.waitUntilIdle();
    await published("1.0.1");
    expect(issues()).toEqual([expect.stringMatching(/acme\/other.*has no environment old/)]);
    expect(await commented("/promote xposer 1.0.1 to dev")).toEqual(["+1"]);
    expect(pulls()).toEqual([PROPOSED]);
  });

  test("what can still be met is waited for, whoever asks", async () => {
    await live({ files: configured(AFTER, umbrella("prod", "1.0.0")) });
    await published("1.0.1");
    expect(issues()).toEqual([]);
    await testBed.museum.upload(packChart({ name: "xposer", version: "1.0.2" }));
    const id = testBed.alice.comment(CONFIG_REPOSITORY, 1, "/promote xposer 1.0.1 to prod");
    await testBed.waitUntilIdle();
    const comment = [...testBed.repository().comments.values()].find(({ body }) =>
      body.includes(`answer ${id} `),
    );
    expect(comment?.body).toContain("waits until 1.0.1 is deployed in dev");
    expect(pulls()).toEqual([PROPOSED]);
  });
});
