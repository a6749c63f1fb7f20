// What is said of direct pushes can be read again, whatever people named their branches and wrote in their commits.

import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { DirectPush } from "../../src/domain/model/github/repository.ts";
import { describeDirectPushes, keptPushes, readDirectPushes } from "../../src/reconcile/merge/push-issue.ts";

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("-->", "<!-- a -->", "@everyone", "`", "\\", "\u2028", '"'),
);
const push = fc.record({
  environment: hostile,
  branch: hostile,
  after: fc.stringMatching(/^[0-9a-f]{40}$/),
  forced: fc.boolean(),
  pusher: hostile,
  headlines: fc.array(hostile, { minLength: 1, maxLength: 3 }),
});

test("as many as are listed are read again", () => {
  fc.assert(
    fc.property(fc.array(push, { minLength: 1, maxLength: 30 }), (pushes) => {
      const { body = "" } = describeDirectPushes(pushes);
      expect(readDirectPushes(["Another issue", `${body}\n\n<!-- chart-promoter:direct-push -->`])).toEqual(
        pushes.map((one) => ({
          ...one,
          headlines: one.headlines.map((headline, at) => (at === 0 ? headline : "")),
        })),
      );
    }),
  );
});

const example: DirectPush = {
  environment: "dev",
  branch: "main",
  after: "a".repeat(40),
  forced: false,
  pusher: "alice",
  headlines: ["x".repeat(5000)],
};

test("thousands of long ones stay within what GitHub takes, the newest named", () => {
  const many = Array.from({ length: 3000 }, (_, at) => ({
    ...example,
    pusher: `p${at}`,
    branch: "ü".repeat(120),
  }));
  const { body = "" } = describeDirectPushes(keptPushes(many));
  expect(body.length).toBeLessThan(65_000);
  expect(body).toContain("* 70 or more earlier ones");
  expect(body).toContain("`p2999`");
});

test.each([
  ["no issue", undefined],
  ["nothing that is read", "Somebody wrote this"],
  ["no JSON", "<!-- chart-promoter:pushes [{ -->"],
  ["no list", "<!-- chart-promoter:pushes {} -->"],
  ["no commit", `<!-- chart-promoter:pushes ${JSON.stringify([{ ...example, after: "HEAD" }, null, 7])} -->`],
])("%s: no pushes", (_, body) => {
  expect(readDirectPushes(body === undefined ? [] : [body])).toEqual([]);
});

test("of thousands the newest hundred are kept on record, and the newest of each environment", () => {
  const other = { ...example, environment: "prod" };
  const kept = keptPushes([other, ...Array.from({ length: 3000 }, () => ({ ...example }))]);
  expect(kept.map(({ environment }) => environment)).toEqual(["prod", ...Array(100).fill("dev")]);
  expect(JSON.stringify(kept).length).toBeLessThan(50_000);
});
