// Pushes whose webhooks never came.

import { expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY } from "../../../../src/sandbox/test-bed.ts";
import { away, live, pass, testBed } from "../../setting.ts";

test("a push that nobody told of is reported again when the branch goes the same way a second time", async () => {
  await live();
  const before = testBed.repository().branch("main") ?? "";
  const listed = () =>
    testBed
      .repository()
      .issues()
      .find(({ title }) => title.startsWith("Pushed"))?.body ?? "";
  const files = { "dev/xposer.yaml": "xposer:\n  replicas: 5\n" };
  let pushed = "";
  await away(() => {
    pushed = testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files });
  });
  await pass(10_000);
  const line = `pushed \`${pushed.slice(0, 7)}\``;
  expect(listed()).toContain(line);
  testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "main", to: before, force: true });
  // For half a minute, the commit before would be taken for a read that lags.
  await pass(40_000);
  expect(listed()).not.toContain(line);
  await away(() => testBed.alice.pushCommit(CONFIG_REPOSITORY, { branch: "main", to: pushed }));
  await pass(10_000);
  expect(listed()).toContain(line);
});
