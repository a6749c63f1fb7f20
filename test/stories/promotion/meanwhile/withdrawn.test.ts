// What the config no longer asks for is withdrawn with a word why, and declines nothing; what it asks for now is proposed after.

import { describe, expect, test } from "@jest/globals";
import type { Call } from "../../../../src/sandbox/github/http/call.ts";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../../src/sandbox/test-bed.ts";
import { checkOn, live, published, testBed, until } from "../../setting.ts";

const CONFIG = ".github/chart-promoter.yml";
const CHARTS = ["xposer", "xposer-agent"] as const;

function umbrella(folder: string, charts: readonly string[]): Record<string, string> {
  const entries = charts.map(
    (name) => `  - name: ${name}\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
  );
  return {
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: `dependencies:\n${entries.join("  # …\n".repeat(9))}`,
  };
}

function environments(...lines: readonly string[]): string {
  return `environments:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

async function open(config: string, charts: readonly string[] = ["xposer"]): Promise<void> {
  await live({
    charts: CHARTS.map((name) => ({ name, version: "1.0.0" })),
    files: { [CONFIG]: config, ...umbrella("dev", charts) },
  });
}

async function push(files: Record<string, string | null>): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
}

async function configured(...lines: readonly string[]): Promise<void> {
  await push({ [CONFIG]: environments(...lines) });
}

/** `dev refused: why`, in every environment that it was told of. */
async function promotionsOf(id: string): Promise<readonly string[]> {
  const { promotions } = await testBed.publishState(id);
  return promotions.map(({ environment, state, because }) => `${environment} ${state}: ${because}`);
}

/** What the App said last under a pull request. */
function lastWord(number: number): string {
  const onPullRequest = [...testBed.repository().comments.values()].filter(
    (comment) => comment.number === number,
  );
  return onPullRequest.at(-1)?.body ?? "";
}

/** The pull requests that were open at the same time, at the moment at which most were. */
function openAtOnce(): readonly number[] {
  let open: readonly number[] = [];
  let most: readonly number[] = [];
  for (const { event, payload } of testBed.github.webhooks.deliveries) {
    if (event !== "pull_request") continue;
    const { action, number }: { readonly action: string; readonly number: number } = Object(payload);
    if (action === "opened" || action === "reopened") open = [...open, number];
    if (action === "closed") open = open.filter((one) => one !== number);
    if (open.length > most.length) most = open;
  }
  return most;
}

const isClose = ({ graphql }: Call) => graphql?.operationName === "Close";
const CANNOT = {
  kind: "field-refused",
  field: "closePullRequest",
  message: "Repository rule violations found",
} as const;

describe("what GitHub does not let the App close", () => {
  test("keeps what would take its place waiting, says so once, and gives way when somebody closes it", async () => {
    await open(environments("dev: { path: dev }"));
    const id = await published("1.0.1");
    testBed.github.fault({ match: isClose, times: Number.POSITIVE_INFINITY }, CANNOT);
    await configured("development: { path: dev }");
    await testBed.restart();
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
    expect(await promotionsOf(id)).toContainEqual(
      expect.stringMatching(
        /^development refused: waits until #1 is closed, which GitHub does not let the App do/,
      ),
    );
    const issue = () => testBed.repository().issues().at(-1);
    expect(issue()).toMatchObject({ state: "open", body: expect.stringContaining("Close it by hand.") });
    expect(lastWord(1)).toMatch(/Not proposed any more: .*no environment dev/);
    expect([...testBed.repository().comments.values()]).toHaveLength(1);
    testBed.alice.close(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    expect(testBed.pulls().at(-1)).toMatch(/^#\d open Promote xposer to 1\.0\.1 in development$/);
    expect(issue()).toMatchObject({ state: "closed" });
  });

  test("stops nothing else when the environment before took its version back", async () => {
    const row = environments("dev: { path: dev }", "staging: { path: staging, after: dev }");
    await open(row);
    await push(umbrella("staging", ["xposer"]));
    await published("1.0.1");
    const numberOf = (title: string) =>
      testBed
        .repository()
        .pulls()
        .findLast((pull) => pull.title === title)?.number ?? 0;
    const first = numberOf("Promote xposer to 1.0.1 in dev");
    testBed.alice.merge(CONFIG_REPOSITORY, first);
    await until(() => numberOf("Promote xposer to 1.0.1 in staging") > 0);
    testBed.github.fault({ match: isClose, times: Number.POSITIVE_INFINITY }, CANNOT);
    testBed.alice.comment(CONFIG_REPOSITORY, first, "/rollback");
    await testBed.waitUntilIdle();
    testBed.alice.merge(CONFIG_REPOSITORY, numberOf("Roll xposer back to 1.0.0 in dev"));
    await testBed.waitUntilIdle();
    const inStaging = numberOf("Promote xposer to 1.0.1 in staging");
    await until(() => lastWord(inStaging).includes("Not proposed any more: "));
    await published("1.0.2");
    expect(testBed.pulls()).toContainEqual(expect.stringMatching(/open Promote xposer to 1\.0\.2 in dev$/));
    expect(testBed.repository().mustPull(inStaging).state).toBe("open");
    testBed.github.faults.clear();
    await testBed.restart();
    expect(testBed.repository().mustPull(inStaging).state).toBe("closed");
  });
});

test("a deployer that server.yaml has no more: nothing is closed, and nothing lets it be merged until it is back", async () => {
  const deployer = {
    kind: "webhook",
    name: "hook",
    secret: "s",
    url: "http://127.0.0.1:9/",
    repositories: ["*/*"],
  } as const;
  await live({
    files: { [CONFIG]: environments("dev: { path: dev, deploy: [hook] }"), ...umbrella("dev", ["xposer"]) },
    deployers: [deployer],
  });
  const id = await published("1.0.1");
  const check = () => [...testBed.repository().checkRuns.values()].at(-1)?.conclusion;
  expect(check()).toBe("success");
  await testBed.restartWith({ deployers: [] });
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  expect(await promotionsOf(id)).toEqual([expect.stringMatching(/^dev proposed: /)]);
  expect(check()).toBe("failure");
  const issue = () => testBed.repository().issues().at(-1);
  expect(issue()).toMatchObject({ state: "open", body: expect.stringMatching(/line 2: .*hook/) });
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(testBed.repository().deployments.size).toBe(0);
  expect(await promotionsOf(id)).toEqual([
    expect.stringMatching(/^dev merged: #1 was merged; nothing is deployed by/),
  ]);
  await testBed.restartWith({ deployers: [deployer] });
  expect(testBed.repository().deployments.size).toBe(1);
  expect(issue()).toMatchObject({ state: "closed" });
  expect(await promotionsOf(id)).toEqual([expect.stringMatching(/^dev deploying: /)]);
});

describe("of an environment", () => {
  test("that is renamed: its promotion moves to the new name", async () => {
    await open(environments("dev: { path: dev }"));
    const id = await published("1.0.1");
    await configured("development: { path: dev }");
    expect(testBed.pulls()).toEqual([
      "#1 closed Promote xposer to 1.0.1 in dev",
      "#2 open Promote xposer to 1.0.1 in development",
    ]);
    expect(lastWord(1)).toMatch(/Not proposed any more: .*no environment dev/);
    expect(await promotionsOf(id)).toEqual([
      expect.stringMatching(/^dev refused: .*no environment dev/),
      expect.stringMatching(/^development proposed: /),
    ]);
    expect(openAtOnce()).toHaveLength(1);
    await configured("dev: { path: dev }");
    expect(testBed.pulls().slice(1)).toEqual([
      "#2 closed Promote xposer to 1.0.1 in development",
      "#3 open Promote xposer to 1.0.1 in dev",
    ]);
    expect(openAtOnce()).toHaveLength(1);
  });

  test("that is renamed and wants one pull request for all in the same push, and back", async () => {
    await open(environments("dev: { path: dev }"), CHARTS);
    const ids = [await published("1.0.1"), await published("1.0.1", {}, "xposer-agent")];
    await configured("live: { path: dev, pullRequests: environment }");
    expect(testBed.pulls()).toEqual([
      "#1 closed Promote xposer to 1.0.1 in dev",
      "#2 closed Promote xposer-agent to 1.0.1 in dev",
      "#3 open Promote 2 charts in live",
    ]);
    await configured("dev: { path: dev }");
    expect(testBed.pulls().slice(2)).toEqual([
      "#3 closed Promote 2 charts in live",
      "#4 open Promote xposer to 1.0.1 in dev",
      "#5 open Promote xposer-agent to 1.0.1 in dev",
    ]);
    for (const id of ids)
      expect(await promotionsOf(id)).toEqual([
        expect.stringMatching(/^dev proposed: /),
        expect.stringMatching(/^live refused: .*no environment live/),
      ]);
    expect(openAtOnce()).toHaveLength(2);
  });

  test("that changes folders with another one in the same push", async () => {
    await open(environments("dev: { path: dev }", "prod: { path: prod }"));
    await push(umbrella("prod", ["xposer"]));
    await published("1.0.1");
    const before = testBed.pulls().length;
    await configured("dev: { path: prod }", "prod: { path: dev }");
    await testBed.restart();
    const changed = ["dev", "prod"].map((name) => [name, name === "dev" ? "prod" : "dev"] as const);
    for (const [name, folder] of changed) {
      expect(testBed.pulls().slice(before)).toContainEqual(
        expect.stringMatching(new RegExp(`open Promote xposer to 1\\.0\\.1 in ${name}$`)),
      );
      expect(testBed.fileOn(`promote/${name}/xposer`, `${folder}/requirements.yaml`)).toContain("1.0.1");
      expect(testBed.fileOn(`promote/${name}/xposer`, `${name}/requirements.yaml`)).not.toContain("1.0.1");
    }
    expect(openAtOnce()).toHaveLength(2);
  });

  test("that is removed, also while the server is away without its database", async () => {
    await open(environments("dev: { path: dev }", "staging: { path: staging }"));
    await push(umbrella("staging", ["xposer"]));
    await published("1.0.1");
    testBed.github.webhooks.sendTo(undefined);
    const branch = { branch: "main", files: { [CONFIG]: environments("staging: { path: staging }") } };
    testBed.alice.push(CONFIG_REPOSITORY, branch);
    await testBed.restartWithoutDatabase();
    expect(testBed.pulls()).toEqual([
      "#2 closed Promote xposer to 1.0.1 in dev",
      "#3 open Promote xposer to 1.0.1 in staging",
    ]);
    expect(lastWord(2)).toMatch(/Not proposed any more: .*no environment dev/);
  });

  test("that is promoted on another branch now", async () => {
    await open(environments("dev: { path: dev }"));
    await published("1.0.1");
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "live", on: "main", files: { "notes.md": "new\n" } });
    await configured("dev: { path: dev, branch: live }");
    expect(lastWord(1)).toMatch(/Not proposed any more: .*main.*live/);
    expect(testBed.repository().mustPull(2)).toMatchObject({ state: "open", base: { branch: "live" } });
    expect(openAtOnce()).toHaveLength(1);
  });

  test("that is in another folder now, while the old folder stays", async () => {
    await open(environments("dev: { path: dev }"));
    await push(umbrella("live", ["xposer"]));
    await published("1.0.1");
    await configured("dev: { path: live }");
    expect(lastWord(1)).toMatch(/Not proposed any more: .*folder live/);
    expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.1 in dev");
    expect(testBed.fileOn("promote/dev/xposer", "live/requirements.yaml")).toContain("1.0.1");
    expect(testBed.fileOn("promote/dev/xposer", "dev/requirements.yaml")).not.toContain("1.0.1");
  });
});

test("one pull request for each chart, then one for all, then one for each again", async () => {
  await open(environments("dev: { path: dev }"), CHARTS);
  const first = await published("1.0.1");
  const second = await published("1.0.1", {}, "xposer-agent");
  await configured("dev: { path: dev, pullRequests: environment }");
  expect(testBed.pulls()).toEqual([
    "#1 closed Promote xposer to 1.0.1 in dev",
    "#2 closed Promote xposer-agent to 1.0.1 in dev",
    "#3 open Promote 2 charts in dev",
  ]);
  expect(lastWord(1)).toMatch(/Not proposed any more: .*one pull request for all charts/);
  for (const id of [first, second])
    expect(await promotionsOf(id)).toEqual([expect.stringMatching(/^dev proposed: /)]);
  expect(openAtOnce()).toEqual([1, 2]);
  await configured("dev: { path: dev }");
  expect(lastWord(3)).toMatch(/Not proposed any more: .*a pull request for each chart/);
  expect(testBed.pulls().slice(2)).toEqual([
    "#3 closed Promote 2 charts in dev",
    "#4 open Promote xposer to 1.0.1 in dev",
    "#5 open Promote xposer-agent to 1.0.1 in dev",
  ]);
  expect(openAtOnce()).toHaveLength(2);
});

describe("of a chart", () => {
  test("that is taken out of the umbrella chart, and comes back", async () => {
    await open(environments("dev: { path: dev }"), CHARTS);
    const id = await published("1.0.1");
    await push(umbrella("dev", ["xposer-agent"]));
    expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
    expect(lastWord(1)).toMatch(/Not proposed any more: xposer is no dependency of dev/);
    expect(await promotionsOf(id)).toEqual([
      expect.stringMatching(/^dev refused: xposer is no dependency of dev/),
    ]);
    await push(umbrella("dev", CHARTS));
    expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.1 in dev");
    expect(await promotionsOf(id)).toEqual([expect.stringMatching(/^dev proposed: /)]);
  });

  test("that takes the place of another one in the umbrella chart", async () => {
    await open(environments("dev: { path: dev }"));
    await published("1.0.1");
    await push(umbrella("dev", ["xposer-agent"]));
    expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
    await published("1.0.1", {}, "xposer-agent");
    expect(testBed.pulls().slice(1)).toEqual(["#2 open Promote xposer-agent to 1.0.1 in dev"]);
  });

  test("that `charts` no longer names, alone or among others", async () => {
    await open(environments("dev: { path: dev }"), CHARTS);
    const id = await published("1.0.1");
    await configured("dev: { path: dev, charts: [xposer-agent] }");
    expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
    expect(lastWord(1)).toMatch(/Not proposed any more: .*charts of dev.* xposer/);
    expect(await promotionsOf(id)).toEqual([expect.stringMatching(/^dev refused: .*charts of dev.* xposer/)]);
    await configured("dev: { path: dev, pullRequests: environment }");
    await published("1.0.1", {}, "xposer-agent");
    expect(testBed.pulls().at(-1)).toBe("#2 open Promote 2 charts in dev");
    await configured("dev: { path: dev, pullRequests: environment, charts: [xposer-agent] }");
    expect(testBed.pulls().slice(1)).toEqual([
      "#2 closed Promote 2 charts in dev",
      "#3 open Promote xposer-agent to 1.0.1 in dev",
    ]);
  });

  test("whose open version the policy keeps out by now gives way to one that fits, and takes the branch back when it may", async () => {
    await open(environments("dev: { path: dev }"));
    const high = await published("1.5.0");
    const rule = (versions: string) => `dev: { path: dev, charts: { xposer: { versions: "${versions}" } } }`;
    await configured(rule("<1.5"));
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.5.0 in dev"]);
    const low = await published("1.4.9");
    expect(testBed.pulls()).toEqual([
      "#1 closed Promote xposer to 1.5.0 in dev",
      "#2 open Promote xposer to 1.4.9 in dev",
    ]);
    expect(lastWord(1)).toMatch(
      /Not proposed any more: .*versions is "<1\.5", which 1\.5\.0 does not satisfy/,
    );
    expect(await promotionsOf(high)).toEqual([expect.stringMatching(/^dev refused: .*versions is "<1\.5"/)]);
    expect(await promotionsOf(low)).toEqual([expect.stringMatching(/^dev proposed: /)]);
    expect(openAtOnce()).toHaveLength(1);
    await configured(rule("*"));
    expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.5.0 in dev");
    expect(await promotionsOf(high)).toEqual([expect.stringMatching(/^dev proposed: /)]);
  });

  test("an umbrella chart that cannot be read withdraws nothing", async () => {
    await open(environments("dev: { path: dev }"));
    await published("1.0.1");
    await push({ "dev/requirements.yaml": "dependencies: {{\n" });
    await push({ "dev/requirements.yaml": null, "dev/Chart.yaml": null });
    await testBed.restartWithoutDatabase();
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  });
});

test("a rollback that is open goes with its environment, too", async () => {
  await open(environments("dev: { path: dev }"));
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  expect(testBed.pulls().at(-1)).toBe("#2 open Roll xposer back to 1.0.0 in dev");
  await configured("development: { path: dev }");
  expect(testBed.pulls().slice(1)).toEqual(["#2 closed Roll xposer back to 1.0.0 in dev"]);
});

test("a rollback that is open says how to have it in the pull request for all charts", async () => {
  await open(environments("dev: { path: dev }"));
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  await configured("dev: { path: dev, pullRequests: environment }");
  expect(testBed.pulls().slice(1)).toEqual(["#2 closed Roll xposer back to 1.0.0 in dev"]);
  expect(lastWord(2)).toMatch(
    /dev has one pull request for all charts now; comment `\/rollback` on #1 to have it proposed there\.$/,
  );
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  expect(testBed.pulls().at(-1)).toBe("#3 open Roll xposer back to 1.0.0 in dev");
  expect(testBed.repository().branch("promote/dev/all")).toBeDefined();
});

test("people's own pull requests from such a branch are left alone, and a word after the withdrawal declines nothing", async () => {
  await open(environments("dev: { path: dev }"));
  const files = { "dev/notes.md": "by hand\n" };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "promote/gone/xposer", on: "main", files });
  testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "promote/gone/xposer", title: "By hand" });
  await published("1.0.1");
  await configured("development: { path: dev }");
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/help");
  await testBed.waitUntilIdle();
  await configured("dev: { path: dev }");
  expect(testBed.pulls()).toEqual([
    "#1 open By hand",
    "#2 closed Promote xposer to 1.0.1 in dev",
    "#3 closed Promote xposer to 1.0.1 in development",
    "#4 open Promote xposer to 1.0.1 in dev",
  ]);
});

test("what was withdrawn and is opened again by hand is withdrawn again: at no time are two open for one folder", async () => {
  await open(environments("dev: { path: dev }"), CHARTS);
  await published("1.0.1");
  await configured("development: { path: dev }");
  testBed.alice.reopen(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual([
    "#1 closed Promote xposer to 1.0.1 in dev",
    "#2 open Promote xposer to 1.0.1 in development",
  ]);
  await configured("development: { path: dev, pullRequests: environment }");
  testBed.alice.reopen(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  expect(testBed.pulls().slice(1)).toEqual([
    "#2 closed Promote xposer to 1.0.1 in development",
    "#3 open Promote xposer to 1.0.1 in development",
  ]);
  expect(lastWord(2)).toMatch(/Not proposed any more: development has one pull request for all charts now/);
});

describe("in a locked conversation", () => {
  const configs = [environments("development: { path: dev }"), environments("dev: { path: dev }")] as const;

  async function withdrawnWhileLocked(): Promise<void> {
    await open(configs[1]);
    await published("1.0.1");
    testBed.alice.lock(CONFIG_REPOSITORY, 1);
    await push({ [CONFIG]: configs[0] });
  }

  test("the text says why it was withdrawn, and it declines nothing, also without the database", async () => {
    await withdrawnWhileLocked();
    expect(testBed.repository().mustPull(1)).toMatchObject({
      state: "closed",
      body: expect.stringMatching(
        /^<!--.*\n<!--.*\nNot proposed any more: the config has no environment dev\.\n/,
      ),
    });
    expect([...testBed.repository().comments.values()]).toEqual([]);
    await push({ [CONFIG]: configs[1] });
    expect(testBed.pulls().slice(1)).toEqual([
      "#2 closed Promote xposer to 1.0.1 in development",
      "#3 open Promote xposer to 1.0.1 in dev",
    ]);
    testBed.alice.lock(CONFIG_REPOSITORY, 3);
    await push({ [CONFIG]: configs[0] });
    testBed.github.webhooks.sendTo(undefined);
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: configs[1] } });
    await testBed.restartWithoutDatabase();
    await testBed.publish({ version: "1.0.1" });
    await testBed.waitUntilIdle();
    expect(testBed.pulls().slice(3)).toEqual([
      "#4 closed Promote xposer to 1.0.1 in development",
      "#5 open Promote xposer to 1.0.1 in dev",
    ]);
  });

  test("who opens it again and closes it has declined it; while it is open its text says nothing of the withdrawal", async () => {
    await withdrawnWhileLocked();
    testBed.alice.close(CONFIG_REPOSITORY, 2);
    await testBed.waitUntilIdle();
    await push({ [CONFIG]: configs[1] });
    testBed.alice.close(CONFIG_REPOSITORY, 3);
    await testBed.waitUntilIdle();
    testBed.alice.reopen(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    expect(testBed.pulls()[0]).toBe("#1 open Promote xposer to 1.0.1 in dev");
    expect(testBed.repository().mustPull(1).body).not.toContain("Withdrawn");
    testBed.alice.close(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    const id = await published("1.0.1");
    expect(await promotionsOf(id)).toContainEqual(expect.stringMatching(/^dev declined: /));
  });

  test("/reject declines there, too", async () => {
    await open(configs[1]);
    await published("1.0.1");
    testBed.alice.lock(CONFIG_REPOSITORY, 1);
    testBed.alice.comment(CONFIG_REPOSITORY, 1, "/reject");
    await until(() => testBed.repository().mustPull(1).state === "closed");
    await testBed.restartWithoutDatabase();
    const second = await published("1.0.1");
    expect(await promotionsOf(second)).toEqual([expect.stringMatching(/^dev declined: /)]);
    expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
  });
});

test("what was withdrawn, is wanted again and is closed by people then is declined", async () => {
  await open(environments("dev: { path: dev }"));
  const id = await published("1.0.1");
  await push(umbrella("dev", []));
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
  testBed.github.webhooks.sendTo(undefined);
  await push(umbrella("dev", ["xposer"]));
  testBed.alice.reopen(CONFIG_REPOSITORY, 1);
  await testBed.restart();
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
  expect(await promotionsOf(id)).toEqual([expect.stringMatching(/^dev declined: /)]);
});

describe("what people held", () => {
  const labelsOf = (number: number) => {
    const { labels } = testBed.repository();
    return testBed
      .repository()
      .mustPull(number)
      .labels.map((id) => labels.get(id)?.name);
  };
  const hold = async (number: number, command = "/hold") => {
    testBed.alice.comment(CONFIG_REPOSITORY, number, command);
    await testBed.waitUntilIdle();
  };

  test("is held under another name of its environment, and again under the old one, until somebody lets it go", async () => {
    await open(environments("dev: { path: dev }"));
    await published("1.0.1");
    await hold(1);
    await configured("development: { path: dev }");
    expect([labelsOf(1), labelsOf(2)]).toEqual([[], ["promotion/hold"]]);
    expect(lastWord(2)).toMatch(/^Held: this takes the place of #1, which was held when it was withdrawn\./);
    expect(checkOn(2).verdict).toMatch(/^in_progress: .*[Hh]eld/);
    testBed.github.webhooks.sendTo(undefined);
    const back = { [CONFIG]: environments("dev: { path: dev }") };
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: back });
    await testBed.restartWithoutDatabase();
    await published("1.0.1");
    expect([labelsOf(2), labelsOf(3)]).toEqual([[], ["promotion/hold"]]);
    await hold(3, "/unhold");
    expect(checkOn(3).verdict).toMatch(/^success: /);
    await testBed.restart();
    await configured("development: { path: dev }");
    expect(testBed.pulls().at(-1)).toBe("#4 open Promote xposer to 1.0.1 in development");
    expect(labelsOf(4)).toEqual([]);
  });

  test("is held under another name and in another folder", async () => {
    await open(environments("dev: { path: dev }"));
    await published("1.0.1");
    await hold(1);
    const files = Object.entries(umbrella("dev", ["xposer"]));
    await push({
      [CONFIG]: environments("development: { path: live/dev }"),
      ...Object.fromEntries(files.map(([path]) => [path, null])),
      ...Object.fromEntries(files.map(([path, text]) => [`live/${path}`, text])),
    });
    expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.1 in development");
    expect([labelsOf(1), labelsOf(2)]).toEqual([[], ["promotion/hold"]]);
  });

  test("is not held for an environment of its own that comes as this one goes", async () => {
    await open(environments("dev: { path: dev }"));
    await published("1.0.1");
    await hold(1);
    const fresh = Object.entries(umbrella("qa", ["xposer"])).map(([path, text]) => [path, `${text}# qa\n`]);
    await push({
      [CONFIG]: environments("qa: { path: qa }"),
      ...Object.fromEntries(Object.keys(umbrella("dev", ["xposer"])).map((path) => [path, null])),
      ...Object.fromEntries(fresh),
    });
    expect(testBed.pulls().at(-1)).toBe("#2 open Promote xposer to 1.0.1 in qa");
    expect(labelsOf(2)).toEqual([]);
  });

  test("is held under another name and in another folder, as another one changes both", async () => {
    await open(environments("dev: { path: dev }", "prod: { path: prod }"));
    const own = Object.entries(umbrella("prod", ["xposer"])).map(([path, text]) => [path, `${text}# prod\n`]);
    await push(Object.fromEntries(own));
    await published("1.0.1");
    const pulls = testBed.pulls();
    const number = Number(
      pulls.find((line) => line.includes("open") && line.endsWith("in dev"))?.slice(1, 2),
    );
    await hold(number);
    const old = [...Object.keys(umbrella("dev", ["xposer"])), ...Object.keys(umbrella("prod", ["xposer"]))];
    await push({
      [CONFIG]: environments("production: { path: live/prod }", "development: { path: live/dev }"),
      ...Object.fromEntries(old.map((path) => [path, null])),
      ...Object.fromEntries(
        Object.entries(umbrella("dev", ["xposer"])).map(([path, text]) => [`live/${path}`, text]),
      ),
      ...Object.fromEntries(own.map(([path, text]) => [`live/${path}`, text])),
    });
    const held = ["development", "production"].map((name) => {
      const line = testBed.pulls().find((one) => one.includes("open") && one.endsWith(`in ${name}`));
      return labelsOf(Number(/\d+/.exec(line ?? "")?.[0]));
    });
    expect(held).toEqual([["promotion/hold"], []]);
  });

  test("is held together with the others, and each of them by itself after that", async () => {
    await open(environments("dev: { path: dev }"), CHARTS);
    await published("1.0.1");
    await published("1.0.1", {}, "xposer-agent");
    await hold(1);
    await configured("dev: { path: dev, pullRequests: environment }");
    expect(labelsOf(3)).toEqual(["promotion/hold"]);
    await configured("dev: { path: dev }");
    expect([labelsOf(3), labelsOf(4), labelsOf(5)]).toEqual([[], ["promotion/hold"], ["promotion/hold"]]);
  });

  test("is held when its chart comes back, also where the process ended as it was opened", async () => {
    await open(environments("dev: { path: dev }"), CHARTS);
    await published("1.0.1");
    await hold(1);
    await push(umbrella("dev", ["xposer-agent"]));
    await push(umbrella("dev", CHARTS));
    expect([labelsOf(1), labelsOf(2)]).toEqual([[], ["promotion/hold"]]);
    await push(umbrella("dev", ["xposer-agent"]));
    const isOn3 = ({ method, path }: Call) => method === "POST" && path.endsWith("/issues/3/labels");
    testBed.github.fault({ match: isOn3 }, "reset-before");
    await push(umbrella("dev", CHARTS));
    await until(() => labelsOf(3).length > 0);
    expect([labelsOf(2), labelsOf(3)]).toEqual([[], ["promotion/hold"]]);
  });

  test("keeps nothing else: not the way back, and not what comes after people closed it", async () => {
    await open(environments("dev: { path: dev }"));
    await published("1.0.1");
    await hold(1);
    testBed.alice.close(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    await published("1.0.2");
    expect(labelsOf(2)).toEqual([]);
    testBed.alice.merge(CONFIG_REPOSITORY, 2);
    await testBed.waitUntilIdle();
    await published("1.0.3");
    await hold(3);
    await push(umbrella("dev", []));
    await push({
      "dev/requirements.yaml":
        umbrella("dev", ["xposer"])["dev/requirements.yaml"]?.replace("1.0.0", "1.0.2") ?? "",
    });
    expect(labelsOf(4)).toEqual(["promotion/hold"]);
    testBed.alice.close(CONFIG_REPOSITORY, 4);
    await testBed.waitUntilIdle();
    testBed.alice.comment(CONFIG_REPOSITORY, 2, "/rollback");
    await testBed.waitUntilIdle();
    expect(testBed.pulls().at(-1)).toBe("#5 open Roll xposer back to 1.0.0 in dev");
    expect(labelsOf(5)).toEqual([]);
  });
});
