// A sentence that becomes false is put right when it does, or says as of when it was true.

import { describe, expect, test } from "@jest/globals";
import { type StandIn, startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { closeAfterwards, live, pass, published, testBed, until } from "../setting.ts";

const CONFIG = ".github/chart-promoter.yml";
const SECRET = "hook-secret";

function umbrella(folder: string): Record<string, string> {
  return {
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  };
}

function body(number: number): string {
  return testBed.repository().mustPull(number).body;
}

function comments(number: number): readonly string[] {
  return [...testBed.repository().comments.values()]
    .filter((comment) => comment.number === number)
    .map((comment) => comment.body);
}

function issues(): readonly string[] {
  return testBed
    .repository()
    .issues()
    .map(({ state, body: text }) => `${state} ${text}`);
}

async function promotionsOf(id: string): Promise<readonly string[]> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ environment, state, because }) => `${environment} ${state}: ${because}`);
}

test("which version stands elsewhere is told as of the writing", async () => {
  const config = "environments:\n  dev: { path: dev }\n  prod: { path: prod }\n";
  await live({ files: { [CONFIG]: config, ...umbrella("dev"), ...umbrella("prod") } });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(body(2)).not.toMatch(/Elsewhere:/);
  expect(body(2)).toContain("Elsewhere when this was written: `1.0.0` in `dev`.");
});

describe("of deployments", () => {
  /** A deployer that does what it is told to do with its calls, in turn. */
  async function deployer(): Promise<{ readonly ids: readonly string[] }> {
    const ids: string[] = [];
    const hook: StandIn = await startStandIn(({ body: text }) => {
      const { DEPLOYMENT_ID }: { readonly DEPLOYMENT_ID: string } = JSON.parse(text.toString());
      ids.push(DEPLOYMENT_ID);
      return { status: 202 };
    });
    closeAfterwards(() => hook.close());
    await live({
      files: { ...configRepository(), [CONFIG]: "environments:\n  dev: { path: dev, deploy: [hook] }\n" },
      deployers: [
        { kind: "webhook", name: "hook", url: `${hook.url}/hook`, secret: SECRET, repositories: ["*/*"] },
      ],
    });
    return { ids };
  }

  async function report(id: string | undefined, state: string): Promise<void> {
    const authorization = `Basic ${Buffer.from(`hook:${SECRET}`).toString("base64")}`;
    await fetch(`${testBed.url()}/deployments/${id}/status`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: JSON.stringify({ state }),
    });
    await testBed.waitUntilIdle();
  }

  test("a failure is told as past once the deployer reports success after all", async () => {
    const { ids } = await deployer();
    await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await until(() => ids.length > 0);
    await report(ids[0], "failure");
    expect(comments(1).at(-1)).toMatch(/Deploying `\w+` to `dev` failed\.\n/);
    await report(ids[0], "success");
    expect(comments(1)).toEqual([
      expect.stringMatching(/failed at first\. Its deployer reported success at .* UTC\./),
    ]);
  });

  test("and once a later merge brought it out", async () => {
    const { ids } = await deployer();
    await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await until(() => ids.length > 0);
    await report(ids[0], "failure");
    await published("1.0.2");
    testBed.alice.merge(CONFIG_REPOSITORY, 2);
    await until(() => ids.length > 1);
    await report(ids[1], "success");
    expect(comments(1)).toEqual([
      expect.stringMatching(/failed at first\. `\w+` \(#2\), which contains it, was deployed at .* UTC\./),
    ]);
    expect(comments(2)).toEqual([]);
  });
});

test("a push that a merge brings out two seconds later is not told as undeployed", async () => {
  await live();
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/more.yaml": "a: 1\n" } });
  await pass(2_000);
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await pass(2_000);
  await pass(5_000);
  expect(issues()).toEqual([]);
});

describe("what a merge does", () => {
  test("is told as it is, whatever holds it back", async () => {
    const frozen = (to: string) => `{ from: 2020-01-01T00:00:00Z, to: ${to}, reason: holidays }`;
    const config = (freeze: string) => `environments:\n  dev: { path: dev, freeze: [${freeze}] }\n`;
    await live({ files: { ...configRepository(), [CONFIG]: config(frozen("2040-01-01T00:00:00Z")) } });
    await published("1.0.1");
    expect(body(1)).toContain("Frozen until 2040-01-01");
    expect(body(1)).not.toMatch(/merging this deploys it/i);
    const push = async (files: Record<string, string>) => {
      testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
      await testBed.waitUntilIdle();
    };
    await push({ [CONFIG]: config(frozen("2041-01-01T00:00:00Z")) });
    expect(body(1)).toContain("Frozen until 2041-01-01");
    expect(body(1)).not.toContain("Frozen until 2040");
    await push({ [CONFIG]: config("") });
    expect(body(1)).not.toContain("Frozen until");
    await push({ [CONFIG]: config(frozen("2042-01-01T00:00:00Z")) });
    expect(body(1)).toContain("Frozen until 2042-01-01");
  });

  test("a config that cannot be read takes the check back, and gives it again", async () => {
    await live();
    await published("1.0.1");
    const check = () => [...testBed.repository().checkRuns.values()].at(-1);
    expect(check()?.conclusion).toBe("success");
    const right = testBed.fileOn("main", CONFIG) ?? "";
    const push = async (text: string | null) => {
      testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: text } });
      await testBed.waitUntilIdle();
    };
    await push(`${right}nothing: known\n`);
    expect(check()?.conclusion).toBe("failure");
    expect(check()?.output.title).toMatch(/cannot be read/);
    await push(right);
    expect(check()?.conclusion).toBe("success");
    await push(null);
    expect(check()?.conclusion).toBe("failure");
    expect(check()?.output.title).toMatch(/there is no/i);
  });
});

describe("a pull request that people let lead elsewhere", () => {
  async function releases(): Promise<string> {
    await live();
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "release", on: "main", files: { "notes.md": "x\n" } });
    return published("1.0.1");
  }

  test("is withdrawn, and proposed where it belongs", async () => {
    const id = await releases();
    testBed.alice.editPullRequest(CONFIG_REPOSITORY, 1, { base: "release" });
    await testBed.waitUntilIdle();
    expect(testBed.pulls()).toEqual([
      "#1 closed Promote xposer to 1.0.1 in dev",
      "#2 open Promote xposer to 1.0.1 in dev",
    ]);
    expect(comments(1).at(-1)).toMatch(/Not proposed any more: it leads to release/);
    expect(await promotionsOf(id)).toEqual([expect.stringMatching(/^dev proposed/)]);
  });

  test("and merged there is not told as proposed", async () => {
    const id = await releases();
    const { webhooks } = testBed.github;
    webhooks.pause();
    testBed.alice.editPullRequest(CONFIG_REPOSITORY, 1, { base: "release" });
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    webhooks.resume();
    await testBed.waitUntilIdle();
    expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.1 in dev");
    const { promotions } = await testBed.publishState(id);
    expect(promotions).toMatchObject([{ state: "proposed", pullRequest: { number: 2 } }]);
    expect(testBed.repository().deployments.size).toBe(0);
  });
});

test("a command is advised only where it is taken", async () => {
  await live();
  const files = { "dev/notes.md": "by hand\n" };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "promote/dev/xposer", on: "main", files });
  testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "promote/dev/xposer", title: "By hand" });
  await published("1.0.1");
  expect(comments(1)).toEqual([
    expect.stringMatching(/^xposer 1\.0\.1 was published, but .*delete its branch/),
  ]);
  expect(comments(1).join()).not.toContain("/rebase");
  await live();
  await published("1.0.1");
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "promote/dev/xposer", files });
  await published("1.0.2");
  expect(comments(1).at(-1)).toContain("`/rebase`");
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rebase");
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
});
