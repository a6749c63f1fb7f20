// The one issue that shows what stands where, and the boxes in it.

import { expect, test } from "@jest/globals";
import type { FilesGiven } from "../../src/sandbox/github/people/files.ts";
import type { Issue } from "../../src/sandbox/github/world/records.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../src/sandbox/test-bed.ts";
import {
  call,
  configure,
  deployed,
  deployments,
  drifted,
  ended,
  newestDeployment,
  watchedTestBed,
} from "./drift/drift-test-bed.ts";
import { live, pass, published, testBed } from "./setting.ts";

const CONFIG = ".github/chart-promoter.yml";
const DASHBOARD = "dashboardIssue: true\n";
const HOOKED = `${DASHBOARD}environments:\n  dev:\n    path: dev\n    deploy: [hook]\n    drift: { every: 7d }\n`;
/** Longer than an issue is left alone between two writings. */
const PACED_MS = 61_000;

/** `prod` comes after `dev`. */
const TWO = `${DASHBOARD}environments:\n  dev:\n    path: dev\n  prod:\n    path: prod\n    after: dev\n    soak: 1h\n`;

function twoEnvironments(config = TWO): FilesGiven {
  const files = configRepository();
  return {
    ...files,
    [CONFIG]: config,
    "prod/Chart.yaml": files["dev/Chart.yaml"] ?? "",
    "prod/requirements.yaml": files["dev/requirements.yaml"] ?? "",
  };
}

function dashboards(): readonly Issue[] {
  return testBed
    .repository()
    .issues()
    .filter(({ title }) => title.startsWith("Dashboard of"));
}

function dashboard(): Issue {
  const open = dashboards().filter(({ state }) => state === "open");
  const [only] = open;
  if (!only || open.length > 1) throw new Error(`${open.length} dashboard issues are open`);
  return only;
}

/** What people read. */
function shown(): string {
  return dashboard().body.replace(/<!--.*?-->/gs, "");
}

function proposed(): readonly string[] {
  return testBed.pulls().filter((pull) => pull.includes(" open "));
}

/** `prod` comes after an environment that does not have the chart: every version waits in vain there. */
async function waitInVain(version: string): Promise<void> {
  const config = TWO.replace("after: dev", "after: bare").concat("  bare:\n    path: bare\n");
  const files = {
    ...twoEnvironments(config),
    "bare/Chart.yaml": "apiVersion: v2\nname: bare\nversion: 0.1.0\n",
  };
  await live({ files });
  await published(version);
  await pass(PACED_MS);
}

async function tick(line: string, login = "alice"): Promise<void> {
  testBed.github.as(login).tick(CONFIG_REPOSITORY, dashboard().number, line);
  await testBed.waitUntilIdle();
}

test("shows what stands where, what is open, held, frozen, drifting and failed, in one issue", async () => {
  await watchedTestBed(HOOKED);
  expect(shown()).toContain("| `xposer` | `1.0.0` | not known |  |");
  expect(shown()).toContain("* No deployment is known.");
  await published("1.0.1");
  await pass(PACED_MS);
  expect(shown()).toMatch(/\| `xposer` \| `1.0.0` \| `1.0.1` \| `1.0.1` in #2 since .* UTC/);
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/hold");
  await pass(PACED_MS);
  expect(shown()).toContain("**held** by its label");
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/unhold");
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  await ended(newestDeployment().id, "failure");
  await pass(PACED_MS);
  expect(shown()).toMatch(/\* The last deployment, `[0-9a-f]{7}` of #2, \*\*failed\*\*/);
  await drifted(await deployed("1.0.2"));
  await pass(PACED_MS);
  expect(shown()).toContain("**Drift**: 1 resource differs from what was deployed");
  await configure(
    HOOKED.replace(
      "    drift:",
      "    freeze: [{ from: 2020-01-01T00:00:00Z, to: 2099-01-01T00:00:00Z, reason: holidays }]\n    drift:",
    ),
  );
  await pass(PACED_MS);
  expect(shown()).toContain("* **Frozen** until 2099-01-01 00:00 UTC: holidays");
  expect(dashboards()).toHaveLength(1);
});

test("asks nothing of GitHub while the text stays the same, and writes at most once a minute", async () => {
  await live({ files: twoEnvironments() });
  await published("1.0.1");
  await pass(PACED_MS);
  const [{ updatedAt }] = [dashboard()];
  testBed.github.requests.mark();
  await testBed.publish({ version: "1.0.1" });
  await pass(PACED_MS);
  const requests = testBed.github.requests.sinceMark.map(({ operationName }) => operationName);
  expect(requests).not.toContain("OwnIssue");
  expect(requests).not.toContain("Issue");
  expect(dashboard().updatedAt).toEqual(updatedAt);
  testBed.github.requests.mark();
  for (const version of ["1.0.2", "1.0.3", "1.0.4"]) await published(version);
  await testBed.waitUntilIdle();
  const edits = testBed.github.requests.sinceMark.filter(({ operationName }) => operationName === "Issue");
  expect(edits.length).toBeLessThanOrEqual(1);
  await pass(PACED_MS);
  expect(shown()).toContain("`1.0.4` in #");
});

test("a tick proposes a version that waits, once, clears the box and says what came of it", async () => {
  await waitInVain("1.0.1");
  expect(shown()).toMatch(/\| `xposer` \| `1.0.0` \| `1.0.1` \| `1.0.1` waits: /);
  const before = testBed.pulls().length;
  await tick("propose `xposer 1.0.1` in `prod` now", "bob");
  expect(testBed.pulls()).toHaveLength(before);
  expect(shown()).toMatch(
    /`bob`, propose `xposer 1.0.1` in `prod`: \*\*not done\*\*\. Only ticks of people with write access count/,
  );
  expect(shown()).not.toContain("[x]");
  await tick("propose `xposer 1.0.1` in `prod` now");
  expect(proposed().filter((pull) => pull.includes("in prod"))).toEqual([
    expect.stringContaining("Promote xposer to 1.0.1 in prod"),
  ]);
  expect(shown()).toMatch(/`alice`, propose `xposer 1.0.1` in `prod`: done\. It is proposed in #\d+\./);
  expect(shown()).not.toContain("[x]");
  for (const { id } of testBed.github.webhooks.deliveries) testBed.github.webhooks.redeliver(id);
  await testBed.waitUntilIdle();
  expect(shown().match(/: done\./g)).toHaveLength(1);
  expect(proposed().filter((pull) => pull.includes("in prod"))).toHaveLength(1);
});

test("a tick proposes a version that was declined, and what may still come by itself goes on waiting", async () => {
  await live({ files: twoEnvironments() });
  await published("1.0.1");
  await pass(PACED_MS);
  await tick("propose `xposer 1.0.1` in `prod` now");
  expect(shown()).toMatch(
    /`xposer 1.0.1` in `prod`: \*\*not done\*\*\. waits until 1.0.1 is deployed in dev\./,
  );
  const [open] = testBed.repository().pulls();
  testBed.alice.close(CONFIG_REPOSITORY, open?.number ?? 0);
  await pass(PACED_MS);
  expect(shown()).toContain("`1.0.1` was declined: ");
  await tick("propose `xposer 1.0.1` in `dev` now");
  expect(proposed()).toEqual([expect.stringContaining("Promote xposer to 1.0.1 in dev")]);
});

test("a tick deploys again, each time it is made, and only then", async () => {
  await watchedTestBed(HOOKED);
  const deployment = await deployed();
  await pass(PACED_MS);
  await tick("deploy again what was deployed to `dev` last");
  expect(deployments("redeploy")).toMatchObject([
    { oid: deployment.oid, payload: { redeploys: deployment.id, by: "alice" } },
  ]);
  await ended(newestDeployment().id, "success");
  await pass(PACED_MS);
  expect(deployments("redeploy")).toHaveLength(1);
  await tick("deploy again what was deployed to `dev` last");
  expect(deployments("redeploy")).toHaveLength(2);
  await ended(newestDeployment().id, "success");
});

test("what people change of its text is put back, and who closes it finds it open", async () => {
  await live({ files: twoEnvironments() });
  const { number, body } = dashboard();
  testBed.alice.editIssue(CONFIG_REPOSITORY, number, { title: "Mine", body: "All is well." });
  await testBed.waitUntilIdle();
  // Without its marker it is found by its number.
  await testBed.restart();
  expect(dashboard()).toMatchObject({ number, body });
  testBed.alice.editIssue(CONFIG_REPOSITORY, number, { body: body.replaceAll("\n", "\r\n") });
  await testBed.waitUntilIdle();
  testBed.alice.close(CONFIG_REPOSITORY, number);
  await testBed.waitUntilIdle();
  expect(dashboard()).toMatchObject({ number, state: "open" });
  expect(dashboards()).toHaveLength(1);
});

test("a tick of which no webhook told is found, with who made it", async () => {
  await waitInVain("1.0.1");
  await testBed.stopServer();
  testBed.github.webhooks.sendTo(undefined);
  testBed.alice.tick(CONFIG_REPOSITORY, dashboard().number, "in `prod` now");
  await testBed.startServer();
  expect(shown()).toMatch(/`alice`, propose `xposer 1.0.1` in `prod`: done\./);
  expect(proposed().filter((pull) => pull.includes("in prod"))).toHaveLength(1);
});

test("of a tick that nobody told of, by one of two who edited meanwhile, nothing comes", async () => {
  await waitInVain("1.0.1");
  const { number, body } = dashboard();
  await testBed.stopServer();
  testBed.github.webhooks.sendTo(undefined);
  testBed.github.as("bob").editIssue(CONFIG_REPOSITORY, number, { body: body.replaceAll("[ ]", "[x]") });
  testBed.alice.editIssue(CONFIG_REPOSITORY, number, { body: `${body.replaceAll("[ ]", "[x]")}\nHello` });
  await testBed.startServer();
  expect(shown()).toMatch(/Somebody, propose .*: \*\*not done\*\*\. GitHub does not say who of several/);
  expect(proposed().filter((pull) => pull.includes("in prod"))).toEqual([]);
  expect(shown()).not.toContain("Hello");
});

test("a tick whose webhook failed is GitHub's to tell again", async () => {
  await waitInVain("1.0.1");
  await testBed.stopServer();
  testBed.alice.tick(CONFIG_REPOSITORY, dashboard().number, "in `prod` now");
  await testBed.github.webhooks.idle();
  await testBed.startServer();
  expect(shown().match(/`alice`, propose `xposer 1.0.1` in `prod`: done\./g)).toHaveLength(1);
});

test("the loss of the database makes no second one, and loses no tick", async () => {
  await live({ files: twoEnvironments() });
  await published("1.0.1");
  await pass(PACED_MS);
  const { number } = dashboard();
  await testBed.restartWithoutDatabase();
  expect(dashboard()).toMatchObject({ number });
  await pass(PACED_MS);
  expect(dashboards()).toHaveLength(1);
});

test("is closed with a word when the option goes, and left as it is while the file is broken", async () => {
  await live({ files: twoEnvironments() });
  const { number, body } = dashboard();
  await configure(`${TWO}nonsense: true\n`);
  expect(dashboard()).toMatchObject({ number, body });
  await configure(TWO.replace(DASHBOARD, ""));
  expect(dashboards()).toMatchObject([{ number, state: "closed", body: expect.stringContaining(body) }]);
  expect(dashboards()[0]?.body).toMatch(
    /^\*\*Over:\*\* the configuration asks for no dashboard issue any more/,
  );
  await configure(TWO);
  expect(dashboards()).toMatchObject([{ state: "closed" }, { state: "open" }]);
});

test("no issue without the option", async () => {
  await live({ files: twoEnvironments(TWO.replace(DASHBOARD, "")) });
  await published("1.0.1");
  expect(dashboards()).toEqual([]);
  expect((await call("/healthz")).status).toBe(200);
});
