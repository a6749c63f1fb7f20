import { expect, test } from "@jest/globals";
import { recogniseMerge } from "../../../src/domain/merge/recognise-merge.ts";
import type { Proof } from "../../../src/domain/model/github/merge.ts";

const PROVED: Proof = {
  number: 7,
  merged: true,
  base: "main",
  headOid: "head",
  mergeCommit: { oid: "merge", parents: ["base", "head"], byGitHub: true },
  contained: true,
};
const by = (parents: readonly string[], byGitHub: boolean, oid = "merge") => ({
  mergeCommit: { oid, parents, byGitHub },
});

test.each([
  ["a merge commit of GitHub's", {}],
  ["a squash", by(["base"], true)],
  ["a rebase, which GitHub does not commit itself", by(["base"], false)],
])("%s is what the pull request put on its branch", (...[, change]) => {
  expect(recogniseMerge({ ...PROVED, ...change })).toEqual({ kind: "merged", sha: "merge" });
});

const { mergeCommit: _, ...unnamed } = PROVED;

test.each([
  ["not merged", { ...PROVED, merged: false }, "does not say that it was merged", false],
  ["no merge commit", unnamed, "does not name its merge commit", false],
  ["not on the branch", { ...PROVED, contained: false }, "main does not contain merge", false],
  ["merged at home", { ...PROVED, ...by(["base", "head"], false) }, "were pushed to main", true],
  ["fast-forwarded", { ...PROVED, ...by(["base"], false, "head") }, "were pushed to main", true],
  ["fast-forwarded to the App's", { ...PROVED, ...by(["base"], true, "head") }, "were pushed to main", true],
])("%s is not proved", (...[, proof, message, final]) => {
  expect(recogniseMerge(proof)).toMatchObject({
    kind: "unproven",
    final,
    problem: { code: "merge-unproven", message: expect.stringContaining(message) },
  });
});
