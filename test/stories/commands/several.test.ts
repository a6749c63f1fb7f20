// Commands under pull requests that are for several charts, or that changed several environments.

import { expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, testBed } from "../setting.ts";

const CHARTS = ["xposer", "xposer-agent"];

function requirements(versions: readonly string[]): string {
  const entries = CHARTS.map(
    (name, at) => `  - name: ${name}\n    version: ${versions[at]}\n    repository: ${MUSEUM_URL}\n`,
  );
  return `dependencies:\n${entries.join("")}`;
}

/** An umbrella chart in the folder of this name, with both charts at 1.0.0. */
function umbrella(folder: string) {
  return {
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: requirements(["1.0.0", "1.0.0"]),
    [`${folder}/values.yaml`]: "xposer:\n  replicas: 2\nxposer-agent:\n  replicas: 1\n",
  };
}

async function liveWith(config: string, ...folders: readonly string[]): Promise<void> {
  const files = Object.assign({}, ...folders.map(umbrella));
  const charts = CHARTS.map((name) => ({ name, version: "1.0.0" }));
  await live({ files: { ...files, ".github/chart-promoter.yml": config }, charts });
}

async function announced(chart: string, version: string, values: object = {}): Promise<void> {
  await testBed.publish({ chart, version, values });
  await testBed.waitUntilIdle();
}

/** Comments as alice; answers the App's reactions to it and what it said. */
async function commented(number: number, body: string) {
  const id = testBed.alice.comment(CONFIG_REPOSITORY, number, body);
  await testBed.waitUntilIdle();
  const { reactions, comments } = testBed.repository();
  return {
    reactions: [...reactions.values()]
      .filter(({ subject }) => subject.kind === "comment" && subject.key === id)
      .map(({ content }) => content),
    says: [...comments.values()].map((one) => one.body).filter((text) => text.includes(`answer ${id} `)),
  };
}

const TOGETHER = "environments:\n  dev:\n    path: dev\n    pullRequests: environment\n";

test("/rollback of a promotion of several charts restores every one of them, and the values of each", async () => {
  await liveWith(TOGETHER, "dev");
  await announced("xposer", "1.0.1", { "image.tag": "one" });
  await announced("xposer-agent", "1.2.0", { level: "debug" });
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const values = testBed.fileOn("main", "dev/values.yaml") ?? "";
  expect(values).toMatch(/tag: one.*level: debug/s);
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "main",
    files: { "dev/values.yaml": `${values}later: 1\n` },
  });
  await testBed.waitUntilIdle();
  const { reactions, says } = await commented(1, "/rollback");
  expect(reactions).toEqual(["+1"]);
  expect(says).toEqual([
    expect.stringMatching(/of `xposer` from `1\.0\.1` to `1\.0\.0`, of `xposer-agent` from `1\.2\.0`.*#2/),
  ]);
  const branch = "promote/dev/all";
  expect(testBed.repository().mustPull(2).head.branch).toBe(branch);
  expect(testBed.fileOn(branch, "dev/requirements.yaml")).toBe(requirements(["1.0.0", "1.0.0"]));
  expect(testBed.fileOn(branch, "dev/values.yaml")).toBe(`${umbrella("dev")["dev/values.yaml"]}later: 1\n`);
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  await testBed.restart();
  expect(testBed.pulls()).toHaveLength(2);
  await announced("xposer-agent", "1.3.0");
  expect(testBed.fileOn(branch, "dev/requirements.yaml")).toBe(requirements(["1.0.0", "1.3.0"]));
});

test("/promote names the chart where a promotion is for several", async () => {
  await liveWith(TOGETHER, "dev");
  await announced("xposer", "1.0.1");
  await testBed.museum.upload(packChart({ name: "xposer-agent", version: "1.4.0" }));
  const unnamed = await commented(1, "/promote 1.4.0");
  expect(unnamed.reactions).toEqual(["confused"]);
  expect(unnamed.says).toEqual([
    expect.stringMatching(
      /names none of the charts of dev\. Write the chart before the version; .*xposer, xposer-agent/,
    ),
  ]);
  const unknown = await commented(1, "/promote redis 1.4.0");
  expect(unknown.says).toEqual([
    expect.stringMatching(/`\/promote redis 1\.4\.0` was not done: redis is none of/),
  ]);
  expect((await commented(1, "/promote xposer-agent 1.4.0")).reactions).toEqual(["+1"]);
  expect(testBed.fileOn("promote/dev/all", "dev/requirements.yaml")).toBe(requirements(["1.0.1", "1.4.0"]));
});

/** A person's pull request; merged. */
async function merged(files: { readonly [path: string]: string }): Promise<number> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "by-hand", on: "main", files });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, { head: "by-hand", title: "By hand" });
  testBed.alice.merge(CONFIG_REPOSITORY, number);
  await testBed.waitUntilIdle();
  return number;
}

const BOTH = "environments:\n  dev:\n    path: dev\n  staging:\n    path: staging\n";

test("/rollback of what changed several environments opens a pull request for each", async () => {
  await liveWith(BOTH, "dev", "staging");
  for (const chart of CHARTS) await testBed.museum.upload(packChart({ name: chart, version: "1.0.1" }));
  const number = await merged({
    "dev/requirements.yaml": requirements(["1.0.1", "1.0.0"]),
    "staging/requirements.yaml": requirements(["1.0.1", "1.0.0"]),
    "staging/values.yaml": "xposer:\n  replicas: 5\nxposer-agent:\n  replicas: 1\n",
  });
  const { reactions, says } = await commented(number, "/rollback");
  expect(reactions).toEqual(["+1"]);
  expect(says).toEqual([expect.stringMatching(/#2\..*#3\./s)]);
  expect(testBed.pulls().slice(1)).toEqual([
    "#2 open Roll xposer back to 1.0.0 in dev",
    "#3 open Roll xposer back to 1.0.0 in staging",
  ]);
  for (const [path, before] of Object.entries(umbrella("staging")))
    expect(testBed.fileOn("promote/staging/xposer", path)).toBe(before);
});

test("where only some of it can be rolled back, that is done, and of the rest it is said why not and what to do", async () => {
  await liveWith(BOTH, "dev", "staging");
  for (const chart of CHARTS) await testBed.museum.upload(packChart({ name: chart, version: "1.0.1" }));
  const number = await merged({
    "dev/requirements.yaml": requirements(["1.0.1", "1.0.0"]),
    "staging/requirements.yaml": requirements(["1.0.1", "1.0.1"]),
  });
  const { reactions, says } = await commented(number, "/rollback");
  expect(reactions).toEqual(["confused"]);
  expect(says).toEqual([
    expect.stringMatching(
      /#2\..*was not done: `#1` moved xposer, xposer-agent, which have a promotion each in staging\. Revert `#1`/s,
    ),
  ]);
  expect(testBed.pulls().slice(1)).toEqual(["#2 open Roll xposer back to 1.0.0 in dev"]);
});
