// From merge to deployment: deployers called and heard, one after the other, held by freezes, and followed downstream.

import { expect, test } from "@jest/globals";
import type { Call } from "../../../src/sandbox/github/http/call.ts";
import { startJenkins } from "../../../src/sandbox/jenkins/jenkins.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { DECLARED } from "../../support/jenkins-job.ts";
import { closeAfterwards, live, pass, published, testBed, until } from "../setting.ts";
import { comments, hookTestBed, report, statuses, withConfig } from "./hook-test-bed.ts";

async function stateOf(id: string): Promise<string> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ environment, state }) => `${environment} ${state}`).join();
}

async function jenkinsTestBed() {
  const jenkins = await startJenkins({
    users: [{ name: "bot", token: "t0k3n" }],
    jobs: [{ name: "deploy", parameters: DECLARED }],
  });
  closeAfterwards(() => jenkins.stop());
  const job = jenkins.jobUrl("deploy");
  await live({
    files: withConfig("environments:\n  dev:\n    path: dev\n    deploy: [config-jenkins]\n"),
    deployers: [
      {
        kind: "jenkins",
        name: "config-jenkins",
        job,
        username: "bot",
        token: "t0k3n",
        secret: "s3",
        repositories: ["*/*"],
      },
    ],
  });
  return jenkins;
}

test("a merge costs one proof query and one deployment", async () => {
  await live({});
  await published("1.0.1");
  testBed.github.requests.mark();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const requests = testBed.github.requests.counted.map(({ operationName, path }) => operationName ?? path);
  expect(requests.filter((name) => name !== "RepositoryState").toSorted()).toEqual([
    expect.stringMatching(/\/repos\/acme\/config\/deployments$/),
    "MergeProof",
  ]);
});

test("Jenkins is called once it is back, and what its build says is shown", async () => {
  const jenkins = await jenkinsTestBed();
  const id = await published("1.0.1");
  await jenkins.down();
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(await stateOf(id)).toBe("dev deploying");
  await jenkins.up();
  await until(() => jenkins.controller.builds("deploy").length > 0);
  const [build] = jenkins.controller.builds("deploy");
  const [deployment] = testBed.repository().deployments.values();
  expect(Object.fromEntries(build?.parameters ?? [])).toMatchObject({
    ...{ REPOSITORY: CONFIG_REPOSITORY, ENVIRONMENT: "dev", PATH_IN_REPOSITORY: "dev", REVISION: sha },
    DEPLOYMENT_ID: `${deployment?.id}`,
  });
  jenkins.controller.finish("deploy", build?.number ?? 0, "SUCCESS");
  await until(() => statuses().join().endsWith("success"));
  expect(await stateOf(id)).toBe("dev deployed");
  expect(jenkins.controller.builds("deploy")).toHaveLength(1);
});

test("a failure that a webhook deployer reports is told once, and GET /publishes/ID follows", async () => {
  const environmentUrl = "https://dev.example.com/shop";
  const calls = await hookTestBed(
    `environments:\n  dev:\n    path: dev\n    deploy: [hook]\n    environmentUrl: ${environmentUrl}\n`,
  );
  const id = await published("1.0.1");
  expect(await testBed.publishState(id)).toMatchObject({ settled: true, pending: [] });
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length > 0);
  expect(await stateOf(id)).toBe("dev deploying");
  const [deployment] = [...testBed.repository().deployments.values()];
  expect(deployment?.description).toBe("xposer 1.0.0 → 1.0.1 (#1)");
  expect(deployment?.statuses.at(-1)?.environmentUrl).toBe(environmentUrl);
  expect(
    await report(calls[0]?.deploymentId, { state: "in_progress", log: "https://ci.example.com/7" }),
  ).toBe(204);
  expect(await report(calls[0]?.deploymentId, { state: "failure" }, "hook:wrong")).toBe(401);
  for (const _ of [1, 2]) await report(calls[0]?.deploymentId, { state: "failure", description: "no quota" });
  await testBed.restart();
  expect(statuses()).toEqual([expect.stringMatching(/^dev .*failure$/)]);
  expect(comments().filter((body) => body.includes("no quota"))).toHaveLength(1);
  expect(comments().join()).toContain("/rollback");
  expect(await stateOf(id)).toBe("dev failed");
});

test("a failure is told as one no more once the same commit is out by /redeploy", async () => {
  const calls = await hookTestBed("environments:\n  dev:\n    path: dev\n    deploy: [hook]\n");
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length === 1);
  await report(calls[0]?.deploymentId, { state: "failure", description: "no quota" });
  expect(comments()).toEqual([expect.stringContaining("no quota")]);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/redeploy");
  await until(() => calls.length === 2);
  await report(calls[1]?.deploymentId, { state: "success" });
  expect(comments()).toEqual([
    expect.stringMatching(/failed at first\. It was deployed again at .* UTC\./),
    "/redeploy",
  ]);
});

test("of merges in quick succession the newest is deployed, and the others are marked as contained", async () => {
  const calls = await hookTestBed("environments:\n  dev:\n    path: dev\n    deploy: [hook]\n");
  const shas: string[] = [];
  for (const version of ["1.0.1", "1.0.2", "1.0.3"]) {
    await published(version);
    shas.push(testBed.alice.merge(CONFIG_REPOSITORY, shas.length + 1));
    await until(() => calls.length > 0);
  }
  await report(calls[0]?.deploymentId, { state: "success" });
  await until(() => calls.length > 1);
  await report(calls[1]?.deploymentId, { state: "success" });
  expect(calls.map(({ revision }) => revision)).toEqual([shas[0], shas[2]]);
  expect(statuses().map((line) => line.split(" ").at(-1))).toEqual(["inactive", "inactive", "success"]);
  expect([...testBed.repository().deployments.values()][1]?.statuses.at(-1)?.description).toMatch(
    /^Contained in/,
  );
});

const FROZEN_MS = 4 * 60_000;

function freezeOf(dev: number): string {
  const from = new Date(Date.now() - 60_000).toISOString();
  const to = new Date(Date.now() + dev).toISOString();
  return `environments:\n  dev:\n    path: dev\n    deploy: [hook]\n    freeze:\n      - { from: ${from}, to: ${to}, reason: holidays }\n`;
}

test("a merge during a freeze is recorded and held until its end", async () => {
  const calls = await hookTestBed(freezeOf(FROZEN_MS));
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(calls).toEqual([]);
  expect(statuses()).toEqual(["dev pending"]);
  await pass(FROZEN_MS);
  expect(calls).toHaveLength(1);
});

test("what a freeze holds goes out at the next full look where its environment gets another name without one", async () => {
  const calls = await hookTestBed(freezeOf(3_600_000));
  await published("1.0.1");
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const config = "environments:\n  stage:\n    path: dev\n    deploy: [hook]\n";
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": config } });
  await testBed.waitUntilIdle();
  await testBed.restart();
  await until(() => calls.length > 0);
  expect(calls.map(({ revision }) => revision)).toEqual([sha]);
});

test("with the label emergency it is deployed all the same", async () => {
  const calls = await hookTestBed(freezeOf(3_600_000));
  await published("1.0.1");
  testBed.alice.label(CONFIG_REPOSITORY, 1, "emergency");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length === 1);
});

test.each(["told", "not told"])(
  "with the label put on after the merge as well, %s of it",
  async (labelled) => {
    const calls = await hookTestBed(freezeOf(3_600_000));
    for (const version of ["1.0.1", "1.0.2"]) {
      await published(version);
      testBed.alice.merge(CONFIG_REPOSITORY, version === "1.0.1" ? 1 : 2);
      await testBed.waitUntilIdle();
    }
    expect(statuses()).toEqual(["dev pending", "dev pending"]);
    testBed.alice.label(CONFIG_REPOSITORY, 1, "urgent");
    await testBed.waitUntilIdle();
    expect(calls).toEqual([]);
    if (labelled === "not told") await testBed.stopServer();
    testBed.alice.label(CONFIG_REPOSITORY, 1, "emergency");
    if (labelled === "not told") await testBed.startServer();
    await until(() => calls.length === 1);
    await report(calls[0]?.deploymentId, { state: "success" });
    expect(statuses()).toEqual([expect.stringMatching(/^dev pending .*success$/), "dev pending"]);
  },
);

test("a freeze that is prolonged, then lifted in the configuration holds as it says now", async () => {
  const calls = await hookTestBed(freezeOf(3_600_000));
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const configure = async (config: string) => {
    testBed.alice.push(CONFIG_REPOSITORY, {
      branch: "main",
      files: { ".github/chart-promoter.yml": config },
    });
    await testBed.waitUntilIdle();
  };
  await configure(freezeOf(48 * 3_600_000));
  const day = new Date(Date.now() + 48 * 3_600_000).toISOString().slice(0, 10);
  expect([...testBed.repository().deployments.values()][0]?.statuses.at(-1)?.description).toContain(day);
  expect(calls).toEqual([]);
  await configure("environments:\n  dev:\n    path: dev\n    deploy: [hook]\n");
  await until(() => calls.length === 1);
});

test("a lost database loses neither a freeze nor an emergency", async () => {
  const calls = await hookTestBed(freezeOf(3_600_000));
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await testBed.restartWithoutDatabase();
  expect(calls).toEqual([]);
  expect(statuses()).toEqual([expect.stringMatching(/^dev( pending)+$/)]);
  testBed.alice.label(CONFIG_REPOSITORY, 1, "emergency");
  await until(() => calls.length === 1);
});

const ROW = {
  ...configRepository(),
  "staging/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "staging/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  "staging/xposer.yaml": "xposer:\n  replicas: 2\n",
};

function row(soak: string, deploy = ""): string {
  return `environments:\n  dev:\n    path: dev\n${deploy}  staging:\n    path: staging\n    after: dev\n    soak: ${soak}\n`;
}

test("a version goes on to the next environment once it has soaked, with the same values", async () => {
  await live({ files: { ...ROW, ".github/chart-promoter.yml": row("3m") } });
  const id = await published("1.0.1", { "image.tag": "one" });
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 merged Promote xposer to 1.0.1 in dev"]);
  expect(await stateOf(id)).toBe("dev merged,staging unchanged");
  await pass(3 * 60_000);
  expect(testBed.pulls()[1]).toBe("#2 open Promote xposer to 1.0.1 in staging");
  expect(testBed.fileOn("promote/staging/xposer", "staging/xposer.yaml")).toContain("tag: one");
  expect(testBed.repository().mustPull(2).body).toMatch(
    /Deployed to dev since \d{4}-\d\d-\d\d \d\d:\d\d UTC, longer than the 3 minutes asked for\./,
  );
});

test("the next environment may stand in another repository", async () => {
  await live({});
  const { ".github/chart-promoter.yml": _config, ...files } = configRepository();
  const production = "environments:\n  production:\n    path: dev\n    after: Acme/config#dev\n";
  testBed.github.createRepository({
    name: "acme/production",
    files: { ...files, ".github/chart-promoter.yml": production },
  });
  await testBed.restart();
  await published("1.0.1");
  const there = () =>
    testBed.github
      .repository("acme/production")
      .pulls()
      .map(({ title }) => title);
  expect(there()).toEqual([]);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => there().length > 0);
  expect(there()).toEqual(["Promote xposer to 1.0.1 in production"]);
});

/** Promoted to both environments before one was said to come after the other; what is open stays open. */
async function openInBoth(): Promise<void> {
  await live({ files: { ...ROW, ".github/chart-promoter.yml": row("0s").replace(/ {4}after.*/s, "") } });
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { ".github/chart-promoter.yml": row("0s") },
  });
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual([
    "#1 open Promote xposer to 1.0.1 in dev",
    "#2 open Promote xposer to 1.0.1 in staging",
  ]);
}

test.each(["by closing it", "by command"])(
  "what is declined upstream %s is withdrawn downstream",
  async (how) => {
    await openInBoth();
    if (how === "by command") testBed.alice.comment(CONFIG_REPOSITORY, 1, "/reject");
    else testBed.alice.close(CONFIG_REPOSITORY, 1);
    await until(() => testBed.pulls()[1]?.startsWith("#2 closed") === true);
    expect(comments().join()).toContain("Not proposed any more: 1.0.1 was declined in dev");
    await published("1.0.2");
    testBed.alice.merge(CONFIG_REPOSITORY, 3);
    await until(() => testBed.pulls().some((line) => line === "#4 open Promote xposer to 1.0.2 in staging"));
  },
);

test("also in another repository", async () => {
  await live({});
  const { ".github/chart-promoter.yml": config = "", ...files } = configRepository();
  const production = testBed.github.createRepository({
    name: "acme/production",
    files: { ...files, ".github/chart-promoter.yml": config },
    people: { alice: "write" },
  });
  await testBed.restart();
  await published("1.0.1");
  testBed.alice.push("acme/production", {
    branch: "main",
    files: {
      ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n    after: acme/config#dev\n",
    },
  });
  await testBed.waitUntilIdle();
  expect(production.pulls().map(({ state }) => state)).toEqual(["open"]);
  testBed.github.requests.mark();
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await until(() => production.mustPull(1).state === "closed");
  expect([...production.comments.values()].map(({ body }) => body).join()).toContain(
    "Not proposed any more: 1.0.1 was declined in dev",
  );
});

test("what is declined upstream costs no more than its acknowledgement where it is not proposed", async () => {
  await live({ files: { ...ROW, ".github/chart-promoter.yml": row("0s") } });
  await published("1.0.1");
  testBed.github.requests.mark();
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const requests = testBed.github.requests.counted.map(({ operationName, path }) => operationName ?? path);
  expect(requests).toEqual(["RepositoryState", "Comment"]);
});

test.each([
  { what: "rolled back", sentence: "1.0.1 was rolled back to 1.0.0 in dev by #3" },
  { what: "said to have failed after all", sentence: "deploying 1.0.1 to dev failed (#1)" },
])(
  "what is $what upstream is withdrawn downstream, whatever comes of it there",
  async ({ what, sentence }) => {
    const config = row("0s", "    deploy: [hook]\n");
    const calls = await hookTestBed("", { ...ROW, ".github/chart-promoter.yml": config });
    const id = await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await until(() => calls.length === 1);
    await report(calls[0]?.deploymentId, { state: "success" });
    await until(() => testBed.pulls().length === 2);
    if (what === "rolled back") {
      testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
      await until(() => testBed.pulls().length === 3);
      expect(testBed.pulls()[1]).toBe("#2 open Promote xposer to 1.0.1 in staging");
      testBed.alice.merge(CONFIG_REPOSITORY, 3);
    } else await report(calls[0]?.deploymentId, { state: "failure", description: "pods died" });
    await until(() => testBed.pulls()[1]?.startsWith("#2 closed") === true);
    expect(comments().join()).toContain(`Not proposed any more: ${sentence}`);
    const state = what === "rolled back" ? "declined" : "failed";
    expect(await stateOf(id)).toBe(`dev ${state},staging unchanged`);
  },
);

test("a merge that a later success contains counts for the next environment; a failure does not", async () => {
  const calls = await hookTestBed("", {
    ...ROW,
    ".github/chart-promoter.yml": row("0s", "    deploy: [hook]\n"),
  });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length === 1);
  await report(calls[0]?.deploymentId, { state: "failure" });
  expect(testBed.pulls()).toHaveLength(1);
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "fix", on: "main", files: { "dev/fix.yaml": "a: 1\n" } });
  testBed.alice.merge(
    CONFIG_REPOSITORY,
    testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "fix", title: "Fix" }),
  );
  await until(() => calls.length === 2);
  await report(calls[1]?.deploymentId, { state: "success" });
  await until(() => testBed.pulls().length === 3);
  expect(testBed.pulls()[2]).toBe("#3 open Promote xposer to 1.0.1 in staging");
});

/** What is said about it in staging. */
async function inStaging(id: string): Promise<string | undefined> {
  const { promotions } = await testBed.publishState(id);
  return promotions.find(({ environment }) => environment === "staging")?.because;
}

/** Merges a change of dev that moves no chart. */
function mergeOwn(name: string): void {
  const files = { [`dev/${name}.yaml`]: "a: 1\n" };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: name, on: "main", files });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: name, title: name });
  testBed.alice.merge(CONFIG_REPOSITORY, number);
}

test("a deployment that people deleted on GitHub keeps nothing from going on", async () => {
  const config = row("0s", "    deploy: [hook]\n");
  const calls = await hookTestBed("", { ...ROW, ".github/chart-promoter.yml": config });
  const id = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length === 1);
  testBed.repository().deployments.clear();
  await report(calls[0]?.deploymentId, { state: "success" });
  await until(() => testBed.pulls().includes("#2 open Promote xposer to 1.0.1 in staging"));
  expect(await stateOf(id)).toBe("dev deployed,staging proposed");
});

test("a deployment that GitHub shows late is told its status all the same", async () => {
  const calls = await hookTestBed("environments:\n  dev:\n    path: dev\n    deploy: [hook]\n");
  await published("1.0.1");
  const { deployments } = testBed.repository();
  const get = deployments.get.bind(deployments);
  let isLate = true;
  const getLate = (id: number) => {
    const found = isLate ? undefined : get(id);
    isLate = false;
    return found;
  };
  Object.assign(deployments, { get: getLate });
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => statuses().join() === "dev queued");
  expect(isLate).toBe(false);
  expect(calls).toHaveLength(1);
});

test("what was deployed goes on although GitHub does not take the status of another deployment", async () => {
  const config = row("0s", "    deploy: [hook]\n");
  const calls = await hookTestBed("", { ...ROW, ".github/chart-promoter.yml": config });
  mergeOwn("before");
  await until(() => calls.length === 1);
  const before = calls[0]?.deploymentId;
  await report(before, { state: "success" });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await until(() => calls.length === 2);
  const match = ({ path }: Call) => path.endsWith(`/deployments/${before}/statuses`);
  testBed.github.fault({ match, times: Number.POSITIVE_INFINITY }, "502");
  await report(before, { state: "failure", description: "After all" });
  await report(calls[1]?.deploymentId, { state: "success" });
  await until(() => testBed.pulls().includes("#3 open Promote xposer to 1.0.1 in staging"));
});

test("a merge that a later success contains still counts after the loss of the database", async () => {
  const config = row("1h", "    deploy: [hook]\n");
  const calls = await hookTestBed("", { ...ROW, ".github/chart-promoter.yml": config });
  const id = await published("1.0.1");
  mergeOwn("before");
  await until(() => calls.length === 1);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  mergeOwn("after");
  await testBed.waitUntilIdle();
  await report(calls[0]?.deploymentId, { state: "success" });
  await until(() => calls.length === 2);
  await report(calls[1]?.deploymentId, { state: "success" });
  expect(statuses().map((line) => line.split(" ").at(-1))).toEqual(["inactive", "inactive", "success"]);
  expect(await inStaging(id)).toMatch(/soaks in dev/);
  await testBed.restartWithoutDatabase();
  const { body } = await testBed.announce({ version: "1.0.1" });
  await testBed.waitUntilIdle();
  expect(await inStaging(body.id)).toMatch(/soaks in dev/);
});

test("what is rolled back upstream is withdrawn downstream, which declines nothing", async () => {
  await live({ files: { ...ROW, ".github/chart-promoter.yml": row("0s") } });
  const first = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => testBed.pulls().length === 2);
  const back = testBed.fileOn("main", "dev/requirements.yaml")?.replace("1.0.1", "1.0.0") ?? "";
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "back",
    on: "main",
    files: { "dev/requirements.yaml": back },
  });
  testBed.alice.merge(
    CONFIG_REPOSITORY,
    testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "back", title: "Back" }),
  );
  await until(() => testBed.pulls()[1]?.startsWith("#2 closed") === true);
  expect(comments().join()).toContain("Not proposed any more: 1.0.1 was rolled back to 1.0.0 in dev by #3");
  expect(await stateOf(first)).toMatch(/staging unchanged/);
  await published("1.0.2");
  testBed.alice.merge(CONFIG_REPOSITORY, testBed.pulls().length);
  await until(() => testBed.pulls().some((line) => line.includes("1.0.2 in staging")));
});

test("a version that is rolled back while it is being deployed stays so, whatever its deployer reports", async () => {
  const calls = await hookTestBed("environments:\n  dev:\n    path: dev\n    deploy: [hook]\n");
  const id = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => calls.length === 1);
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  await report(calls[0]?.deploymentId, { state: "success" });
  await until(() => calls.length === 2);
  await report(calls[1]?.deploymentId, { state: "success" });
  const { promotions } = await testBed.publishState(id);
  expect(promotions).toMatchObject([{ state: "declined", because: "1.0.1 was rolled back by #2" }]);
});
