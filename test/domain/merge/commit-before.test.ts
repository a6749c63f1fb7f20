import { expect, test } from "@jest/globals";
import { commitBefore } from "../../../src/domain/merge/commit-before.ts";

/** `a:one` stands on the commit after it in the list. */
function line(...commits: readonly string[]) {
  const read = commits.map((commit) => commit.split(":"));
  return read.map(([oid = "", message = ""], at) => ({
    oid,
    message,
    parents: [read[at + 1]?.[0] ?? "base"],
  }));
}

test.each([
  ["one commit, however it was merged", line("c:one"), ["one"], "base"],
  ["a squash of two", line("c:Squashed", "b:old"), ["one", "two"], "b"],
  ["a rebase of three", line("c:three", "b:two", "a:one"), ["one", "two", "three"], "base"],
  ["a rebase of two upon a commit of the same words", line("c:two", "b:one", "a:one"), ["one", "two"], "a"],
  ["a commit that only happens to have the last words", line("c:two", "b:other"), ["one", "two"], "b"],
])("%s", (...[, commits, messages, before]) => {
  expect(commitBefore({ commits, messages })).toBe(before);
});

test("a merge commit starts from its first parent, and a rebase is followed by parents, not by the order of the list", () => {
  const merge = { oid: "m", message: "two", parents: ["base", "head"] };
  expect(commitBefore({ commits: [merge, ...line("head:two", "x:one")], messages: ["one", "two"] })).toBe(
    "base",
  );
  const [last, first] = line("c:two", "a:one");
  const between = { oid: "z", message: "unrelated", parents: [] };
  expect(
    commitBefore({ commits: [last, between, first].flatMap((one) => one ?? []), messages: ["one", "two"] }),
  ).toBe("base");
});
