// What GitHub does not let the App do for one promotion stops that one: it is told in GitHub's words, and the others go on.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed, until } from "../setting.ts";

const REQUIREMENTS = `dependencies:
  - name: xposer
    version: 1.0.0
    repository: ${MUSEUM_URL}
  - name: xposer-agent
    version: 1.0.0
    repository: ${MUSEUM_URL}
`;

async function twoCharts(): Promise<void> {
  await live({
    charts: [
      { name: "xposer", version: "1.0.0" },
      { name: "xposer-agent", version: "1.0.0" },
    ],
    files: {
      ".github/chart-promoter.yml": "environments:\n  dev:\n    path: dev\n",
      "dev/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
      "dev/requirements.yaml": REQUIREMENTS,
    },
  });
}

test("a rule that keeps one branch from being made refuses that promotion, and no other waits for it", async () => {
  await twoCharts();
  testBed.github
    .owner("acme")
    .setRules(CONFIG_REPOSITORY, [{ pattern: "promote/dev/xposer", blocksCreations: true, bypass: [] }]);
  const id = await published("1.0.1");
  const { promotions } = await testBed.publishState(id);
  expect(promotions).toMatchObject([
    {
      ...{ environment: "dev", state: "refused", because: expect.stringMatching(/^GitHub refuses it: /) },
      help: expect.stringMatching(/^Change what keeps the App from it: /),
    },
  ]);
  const mutations = testBed.github.requests.all.filter(({ operation }) => operation === "mutation");
  expect(mutations.length).toBeLessThanOrEqual(4);
  expect(testBed.repository().issues()).toMatchObject([
    { number: 1, state: "open", body: expect.stringContaining("GitHub refuses it: ") },
  ]);
  await published("1.1.0", {}, "xposer-agent");
  expect(testBed.pulls()).toEqual(["#2 open Promote xposer-agent to 1.1.0 in dev"]);
});

test("a publisher is told what to do about a broken config and about a plan in vain, until it is done", async () => {
  await live();
  const push = async (files: Readonly<Record<string, string>>) => {
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
    await testBed.waitUntilIdle();
  };
  const config = "environments:\n  dev:\n    path: dev\n";
  await push({ ".github/chart-promoter.yml": config.replace("path", "pth") });
  const id = await published("1.0.1");
  const promotions = async () => (await testBed.publishState(id)).promotions;
  expect(await promotions()).toMatchObject([{ state: "refused", help: expect.stringContaining("path") }]);
  const twice = `${REQUIREMENTS}  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;
  await push({ ".github/chart-promoter.yml": config, "dev/requirements.yaml": twice });
  expect(await promotions()).toMatchObject([
    { state: "refused", help: expect.stringContaining("Correct requirements.yaml") },
  ]);
  await push({ "dev/requirements.yaml": REQUIREMENTS });
  expect(await promotions()).toMatchObject([{ state: "proposed" }]);
  expect(Object.keys((await promotions())[0] ?? {})).not.toContain("help");
});

test("once the rule is gone the refused version comes", async () => {
  await twoCharts();
  const owner = testBed.github.owner("acme");
  owner.setRules(CONFIG_REPOSITORY, [{ pattern: "promote/dev/xposer", blocksCreations: true, bypass: [] }]);
  await published("1.0.1");
  owner.setRules(CONFIG_REPOSITORY, []);
  await testBed.restart();
  await until(() => testBed.pulls().length > 0);
  expect(testBed.pulls()).toEqual(["#2 open Promote xposer to 1.0.1 in dev"]);
});

test("a conversation that takes no answers stops no command, no check and nothing else", async () => {
  await live();
  await published("1.0.1");
  const { repository } = testBed;
  const locked = { kind: "denied", message: "Unable to create comment because issue is locked." } as const;
  testBed.github.fault(
    { match: ({ method, path }) => method === "POST" && path.includes("/reactions"), times: 100 },
    locked,
  );
  testBed.github.fault(
    { match: ({ graphql }) => graphql?.rootFields.includes("addComment") === true, times: 100 },
    locked,
  );
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/hold");
  await until(() => repository().mustPull(1).labels.length > 0);
  const held = [...repository().checkRuns.values()].at(-1);
  expect(held?.conclusion).toBeNull();

  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await until(() => testBed.pulls().length > 1);
  await testBed.waitUntilIdle();
  expect(testBed.pulls()).toEqual([
    "#1 merged Promote xposer to 1.0.1 in dev",
    "#2 open Roll xposer back to 1.0.0 in dev",
  ]);
});
