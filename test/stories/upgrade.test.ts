// A server of another version starts on what an earlier one left.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "./setting.ts";

const FILE = ".github/chart-promoter.yml";

test("a config file that an earlier version refused is read by this one, without a push", async () => {
  await live();
  const config = "environments:\n  dev:\n    path: dev\n    draft: true\n";
  const push = (text: string) =>
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { [FILE]: text } });
  push(config.replace("draft", "newerKey"));
  await testBed.waitUntilIdle();
  expect(testBed.repository().issues()).toMatchObject([{ number: 1, state: "open" }]);
  await testBed.stopServer();
  testBed.github.webhooks.sendTo(undefined);
  push(config);
  leftByEarlierVersion({ configOid: blobId(config) });
  await testBed.startServer();
  await testBed.waitUntilIdle();
  expect(testBed.repository().issues()).toMatchObject([{ number: 1, state: "closed" }]);
  await published("1.0.1");
  expect(testBed.repository().mustPull(2).draft).toBe(true);
});

function leftByEarlierVersion(changed: object): void {
  const database = new DatabaseSync(join(testBed.settings.dataFolder, "chart-promoter.sqlite"));
  const { repository_index: index } =
    database.prepare("select repository_index from repositories").get() ?? {};
  const left = JSON.stringify({ ...JSON.parse(String(index)), readBy: "0.0.9", ...changed });
  database.prepare("update repositories set repository_index = ?").run(left);
  database.close();
}

/** As `git hash-object` makes it. */
function blobId(text: string): string {
  return createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");
}
