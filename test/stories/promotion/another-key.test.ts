// The App gets another private key: what it sealed in commits before is no word of its own any more, and its records stand in for it.

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/town.ts";
import { checkOn, live, newestRun, published, town } from "../setting.ts";

async function anotherKey(): Promise<void> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: "pkcs1", format: "pem" }));
  town.github.tokens.addKey(pem);
  await town.restartWith({ privateKey: pem });
  await town.waitUntilIdle();
}

/** Everything of the repository is read and planned anew, whatever is remembered of it. */
async function lookedAtAnew(): Promise<void> {
  town.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "README.md": "Ours.\n" } });
  await town.waitUntilIdle();
}

test("a version that was declined stays declined", async () => {
  await live();
  const id = await published("1.0.2");
  town.alice.close(CONFIG_REPOSITORY, 1);
  await town.waitUntilIdle();
  await anotherKey();
  await published("1.0.1");
  await lookedAtAnew();
  expect(town.pulls()).toEqual(["#1 closed Promote xposer to 1.0.2 in dev"]);
  expect((await town.publishState(id)).promotions).toMatchObject([{ state: "declined" }]);
});

test("an open promotion stays one, is replaced by the next version, and can be declined", async () => {
  await live();
  await published("1.0.1");
  await anotherKey();
  await lookedAtAnew();
  expect(town.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  expect(checkOn(1).said).toMatch(/^success/);
  await published("1.0.2");
  expect(town.pulls()).toEqual(["#1 open Promote xposer to 1.0.2 in dev"]);
  town.alice.close(CONFIG_REPOSITORY, 1);
  await town.waitUntilIdle();
  await published("1.0.1");
  await lookedAtAnew();
  expect(town.pulls()).toEqual(["#1 closed Promote xposer to 1.0.2 in dev"]);
});

test("a version that was open meanwhile and is closed is declined", async () => {
  await live();
  const id = await published("1.0.2");
  await anotherKey();
  town.alice.close(CONFIG_REPOSITORY, 1);
  await town.waitUntilIdle();
  await published("1.0.1");
  await lookedAtAnew();
  expect(town.pulls()).toEqual(["#1 closed Promote xposer to 1.0.2 in dev"]);
  expect((await town.publishState(id)).promotions).toMatchObject([{ state: "declined" }]);
});

test("a version that was rolled back stays out", async () => {
  await live();
  await published("1.0.1");
  town.alice.merge(CONFIG_REPOSITORY, 1);
  await published("1.0.2");
  town.alice.merge(CONFIG_REPOSITORY, 2);
  await town.waitUntilIdle();
  town.alice.comment(CONFIG_REPOSITORY, 2, "/rollback");
  await town.waitUntilIdle();
  town.alice.merge(CONFIG_REPOSITORY, 3);
  await town.waitUntilIdle();
  expect(town.fileOn("main", "dev/requirements.yaml")).toContain("1.0.1");
  await anotherKey();
  await lookedAtAnew();
  expect(town.pulls().filter((line) => line.includes("open"))).toEqual([]);
});

test("a rollback that is open fails its check, and says what to do", async () => {
  await live();
  await published("1.0.1");
  town.alice.merge(CONFIG_REPOSITORY, 1);
  await published("1.0.2");
  town.alice.merge(CONFIG_REPOSITORY, 2);
  await town.waitUntilIdle();
  town.alice.comment(CONFIG_REPOSITORY, 2, "/rollback");
  await town.waitUntilIdle();
  await anotherKey();
  const { id } = newestRun(3) ?? {};
  town.alice.rerunChecks(CONFIG_REPOSITORY, { checkRunId: id ?? 0 });
  await town.waitUntilIdle();
  expect(checkOn(3).said).toMatch(/^failure: .*The way back is the command \/rollback/);
  town.alice.close(CONFIG_REPOSITORY, 3);
  await town.waitUntilIdle();
  town.alice.comment(CONFIG_REPOSITORY, 2, "/rollback");
  await town.waitUntilIdle();
  expect(checkOn(4).said).toMatch(/^success/);
});

test("what is merged then is deployed as the promotion that it is", async () => {
  await live();
  const id = await published("1.0.1");
  await anotherKey();
  town.alice.merge(CONFIG_REPOSITORY, 1);
  await town.waitUntilIdle();
  expect((await town.publishState(id)).promotions).toMatchObject([{ state: "merged" }]);
  const [deployment, ...more] = town.repository().deployments.values();
  expect(deployment?.description).toBe("xposer 1.0.0 → 1.0.1 (#1)");
  expect(more).toEqual([]);
});
