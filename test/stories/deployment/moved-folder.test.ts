// An environment's folder moves, by a push that deploys nothing, while a merge waits to be deployed or after it was: at that
// merge's commit, the chart is where it was.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { type Hook, startHook } from "../../support/hook.ts";
import { closeAfterwards, live, published, testBed, until } from "../setting.ts";
import { comments, report, statuses, withConfig } from "./hook-test-bed.ts";

const FILES = ["Chart.yaml", "requirements.yaml", "requirements.lock", "xposer.yaml"];

function config(path: string, more = ""): string {
  return `environments:\n  dev:\n    path: ${path}\n    deploy: [hook]\n${more}`;
}

async function hooked(more = ""): Promise<Hook> {
  const hook = await startHook();
  closeAfterwards(() => hook.close());
  const deployer = { kind: "webhook", name: "hook", url: `${hook.url}/hook`, secret: "hook-secret" } as const;
  await live({ files: withConfig(config("dev", more)), deployers: [{ ...deployer, repositories: ["*/*"] }] });
  return hook;
}

async function moveFolder(): Promise<void> {
  const there = FILES.flatMap((file) => {
    const text = testBed.fileOn("main", `dev/${file}`);
    return text === undefined
      ? []
      : [[`dev/${file}`, null] as const, [`clusters/dev/${file}`, text] as const];
  });
  const files = { ...Object.fromEntries(there), ".github/chart-promoter.yml": config("clusters/dev") };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
}

/** `PATH_IN_REPOSITORY@REVISION` of each call. */
function called({ received }: Hook): readonly string[] {
  return received.map(({ body }) => {
    const { PATH_IN_REPOSITORY, REVISION } = JSON.parse(body);
    return `${PATH_IN_REPOSITORY}@${REVISION}`;
  });
}

test("what was held goes to its deployer with the folder of its own commit", async () => {
  const hook = await hooked(
    `    freeze:\n      - { from: 2020-01-01T00:00:00Z, to: 2120-01-01T00:00:00Z, reason: audit }\n`,
  );
  await published("1.0.1");
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => statuses().join().includes("pending"));
  await moveFolder();
  await until(() => hook.received.length > 0);
  expect(called(hook)).toEqual([`dev@${sha}`]);
});

test("what is deployed once more, too, and what is merged later with the new one", async () => {
  const hook = await hooked();
  await published("1.0.1");
  const sha = testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => hook.received.length > 0);
  const { DEPLOYMENT_ID: id } = JSON.parse(hook.received[0]?.body ?? "{}");
  await report(Number(id), { state: "failure" });
  await moveFolder();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/redeploy");
  await until(() => hook.received.length > 1);
  const { DEPLOYMENT_ID: repeat } = JSON.parse(hook.received[1]?.body ?? "{}");
  await report(Number(repeat), { state: "success" });
  await published("1.0.2");
  const number = Number(testBed.pulls().at(-1)?.match(/\d+/)?.[0]);
  const later = testBed.alice.merge(CONFIG_REPOSITORY, number);
  await until(() => hook.received.length > 2);
  expect(called(hook)).toEqual([`dev@${sha}`, `dev@${sha}`, `clusters/dev@${later}`]);
});

test("a rollback of what was merged before is proposed in the folder of now", async () => {
  const hook = await hooked();
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => hook.received.length > 0);
  const { DEPLOYMENT_ID: id } = JSON.parse(hook.received[0]?.body ?? "{}");
  await report(Number(id), { state: "failure" });
  await moveFolder();
  testBed.alice.comment(CONFIG_REPOSITORY, 1, "/rollback");
  await testBed.waitUntilIdle();
  expect(testBed.pulls().at(-1)).toMatch(/^#\d+ open .*xposer.* 1\.0\.0 in dev$/);
  expect(testBed.fileOn("promote/dev/xposer", "clusters/dev/requirements.yaml")).toContain("version: 1.0.0");
  expect(comments().at(-1)).not.toContain("was not done");
});

test("where the environment is gone, a command on its merge is refused, and not said to be done", async () => {
  await hooked();
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  const files = { ".github/chart-promoter.yml": "environments:\n  lab:\n    path: lab\n" };
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  await testBed.waitUntilIdle();
  for (const command of ["/redeploy", "/rollback"]) {
    testBed.alice.comment(CONFIG_REPOSITORY, 1, command);
    await testBed.waitUntilIdle();
    expect(comments().at(-1)).toContain(`\`${command}\` was not done: No environment in `);
  }
});
