// A config repository that becomes somebody else's, or an environment that becomes another, while something is under way for it; and
// an operator who takes a deployer away meanwhile. Whoever may be served is decided when they are served.

import { expect, test } from "@jest/globals";
import { type StandIn, startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import {
  CONFIG_REPOSITORY,
  configRepository,
  MUSEUM_URL,
  WEBHOOK_SECRET,
} from "../../../src/sandbox/test-bed.ts";
import { closeAfterwards, live, pass, published, testBed, until } from "../../stories/setting.ts";

const HOUR_MS = 3_600_000;
const HOOK = { kind: "webhook", name: "hook", secret: "s" } as const;
const CONFIG = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";

/** A deployment of `dev` waits: its deployer may be called for these, and is away. */
async function waiting(repositories: readonly string[]): Promise<StandIn> {
  const hook = await startStandIn(() => ({ status: 202 }));
  closeAfterwards(hook.close);
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": CONFIG },
    deployers: [{ ...HOOK, url: hook.url, repositories }],
  });
  hook.faults.add({ kind: "status", status: 503 });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => hook.requests.length > 0);
  return hook;
}

/** The deployer is back: how often it is called within an hour. */
async function callsOf(hook: StandIn): Promise<number> {
  const before = hook.requests.length;
  hook.faults.clear();
  await pass(HOUR_MS / 2);
  await pass(HOUR_MS / 2);
  return hook.requests.length - before;
}

/** GitHub's deliveries of what happens in it are lost, while the server goes on. */
async function unheard(happens: () => void): Promise<void> {
  await testBed.waitUntilIdle();
  testBed.github.webhooks.sendTo(undefined);
  happens();
  testBed.github.webhooks.sendTo({ url: `${testBed.url()}/api/github/webhooks`, secret: WEBHOOK_SECRET });
}

test("a deployer that is back is called for what waits", async () => {
  const hook = await waiting(["acme/config"]);
  expect(await callsOf(hook)).toBeGreaterThan(0);
});

test.each([
  ["renamed", () => testBed.github.owner("acme").rename(CONFIG_REPOSITORY, "renamed")],
  ["transferred", () => testBed.github.owner("acme").transfer(CONFIG_REPOSITORY, "mallory")],
])("a repository that was %s while its deployer was away is not deployed by it", async (_how, move) => {
  const hook = await waiting(["acme/config"]);
  testBed.github.install({ account: "mallory", repositories: "all" });
  await testBed.waitUntilIdle();
  move();
  await testBed.waitUntilIdle();
  expect(await callsOf(hook)).toBe(0);
});

test.each([
  ["renamed", "acme/renamed", () => testBed.github.owner("acme").rename(CONFIG_REPOSITORY, "renamed")],
  [
    "transferred",
    "mallory/config",
    () => testBed.github.owner("acme").transfer(CONFIG_REPOSITORY, "mallory"),
  ],
])("nor is what was merged after it was %s, which nobody told of", async (_how, name, move) => {
  const hook = await startStandIn(() => ({ status: 202 }));
  closeAfterwards(hook.close);
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": CONFIG },
    deployers: [{ ...HOOK, url: hook.url, repositories: ["acme/config"] }],
  });
  testBed.github.install({ account: "mallory", repositories: "all" });
  await published("1.0.1");
  await unheard(move);
  testBed.alice.merge(name, 1);
  await testBed.waitUntilIdle();
  expect(hook.requests).toEqual([]);
  expect(await callsOf(hook)).toBe(0);
});

test("a deployer that the operator lets deploy less is not called for what waits", async () => {
  const hook = await waiting(["acme/*"]);
  await testBed.restartWith({
    deployers: [{ ...HOOK, url: hook.url, repositories: ["acme/other", "acme/config#prod"] }],
  });
  expect(await callsOf(hook)).toBe(0);
});

test("an environment that takes the name of one that a deployer may deploy takes nothing that waits with it", async () => {
  const hook = await waiting(["acme/config#dev"]);
  const renamed = CONFIG.replace("dev:", "prod:");
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { ".github/chart-promoter.yml": renamed } });
  await testBed.waitUntilIdle();
  expect(await callsOf(hook)).toBe(0);
});

test.each([
  ["renamed", "acme/renamed", () => testBed.github.owner("acme").rename(CONFIG_REPOSITORY, "renamed")],
  [
    "transferred",
    "mallory/config",
    () => testBed.github.owner("acme").transfer(CONFIG_REPOSITORY, "mallory"),
  ],
])(
  "a chart that waits is nobody's for a repository that was %s: no login is used for it",
  async (_how, name, move) => {
    await live({
      chartRepository: {
        repositories: ["acme/config"],
        credentials: { kind: "basic", username: "reader", password: "secret" },
      },
    });
    testBed.github.install({ account: "mallory", repositories: "all" });
    await published("1.0.1");
    move();
    await testBed.waitUntilIdle();
    await published("1.0.2");
    const titles = () =>
      testBed.github
        .repository(name)
        .pulls()
        .filter(({ state }) => state === "open")
        .map(({ title }) => title);
    expect(titles()).not.toContain("Promote xposer to 1.0.2 in dev");
    const requirements = `dependencies:\n  - name: xposer\n    version: 1.0.1\n    repository: ${MUSEUM_URL}\n`;
    testBed.alice.push(name, { branch: "by-hand", files: { "dev/requirements.yaml": requirements } });
    const number = testBed.alice.openPullRequest(name, { head: "by-hand", base: "main", title: "By hand" });
    await testBed.waitUntilIdle();
    const { oid } = testBed.github.repository(name).mustPull(number).head;
    const run = [...testBed.github.repository(name).checkRuns.values()].findLast(
      ({ headOid }) => headOid === oid,
    );
    expect(run?.output.summary).toContain("is none of server.yaml's");
  },
);
