// The App gets another private key: what it sealed in commits before is no word of its own any more, and its records stand in for it.

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { checkOn, live, newestRun, published, testBed } from "../setting.ts";

async function anotherKey(): Promise<void> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: "pkcs1", format: "pem" }));
  testBed.github.tokens.addKey(pem);
  await testBed.restartWith({ privateKey: pem });
  await testBed.waitUntilIdle();
}

/** Everything of the repository is read and planned anew, whatever is remembered of it. */
async function lookedAtAnew(): Promise<void> {
  testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "README.md": "Ours.\n" } });
  await testBed.waitUntilIdle();
}

test("a version that was declined stays declined", async () => {
  await live();
  const id = await published("1.0.2");
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await anotherKey();
  await published("1.0.1");
  await lookedAtAnew();
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.2 in dev"]);
  expect((await testBed.publishState(id)).promotions).toMatchObject([{ state: "declined" }]);
});

test("an open promotion stays one, is replaced by the next version, and can be declined", async () => {
  await live();
  await published("1.0.1");
  await anotherKey();
  await lookedAtAnew();
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  expect(checkOn(1).verdict).toMatch(/^success/);
  await published("1.0.2");
  expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await published("1.0.1");
  await lookedAtAnew();
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.2 in dev"]);
});

test("a version that was open meanwhile and is closed is declined", async () => {
  await live();
  const id = await published("1.0.2");
  await anotherKey();
  testBed.alice.close(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  await published("1.0.1");
  await lookedAtAnew();
  expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.2 in dev"]);
  expect((await testBed.publishState(id)).promotions).toMatchObject([{ state: "declined" }]);
});

test("a version that was rolled back stays out", async () => {
  await live();
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await published("1.0.2");
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/rollback");
  await testBed.waitUntilIdle();
  testBed.alice.merge(CONFIG_REPOSITORY, 3);
  await testBed.waitUntilIdle();
  expect(testBed.fileOn("main", "dev/requirements.yaml")).toContain("1.0.1");
  await anotherKey();
  await lookedAtAnew();
  expect(testBed.pulls().filter((line) => line.includes("open"))).toEqual([]);
});

test("a rollback that is open fails its check, and says what to do", async () => {
  await live();
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await published("1.0.2");
  testBed.alice.merge(CONFIG_REPOSITORY, 2);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/rollback");
  await testBed.waitUntilIdle();
  await anotherKey();
  const { id } = newestRun(3) ?? {};
  testBed.alice.rerunChecks(CONFIG_REPOSITORY, { checkRunId: id ?? 0 });
  await testBed.waitUntilIdle();
  expect(checkOn(3).verdict).toMatch(/^failure: .*The way back is the command \/rollback/);
  testBed.alice.close(CONFIG_REPOSITORY, 3);
  await testBed.waitUntilIdle();
  testBed.alice.comment(CONFIG_REPOSITORY, 2, "/rollback");
  await testBed.waitUntilIdle();
  expect(checkOn(4).verdict).toMatch(/^success/);
});

test("what is merged then is deployed as the promotion that it is", async () => {
  await live();
  const id = await published("1.0.1");
  await anotherKey();
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await testBed.waitUntilIdle();
  expect((await testBed.publishState(id)).promotions).toMatchObject([{ state: "merged" }]);
  const [deployment, ...more] = testBed.repository().deployments.values();
  expect(deployment?.description).toBe("xposer 1.0.0 → 1.0.1 (#1)");
  expect(more).toEqual([]);
});
