import { expect, test } from "@jest/globals";
import { unexplained } from "../../../src/domain/merge/unexplained-pushes.ts";
import type { MergedPull, PushedRange } from "../../../src/domain/model/github/merge.ts";

/** `oid<parent,parent tree`: a commit, its parents, and git's id of the folder of `dev`. */
function commit(text: string) {
  const [head = "", tree = ""] = text.split(" ");
  const [oid = "", parents = ""] = head.split("<");
  return {
    oid,
    parents: parents.split(",").filter(Boolean),
    headline: `Change ${oid}`,
    folders: new Map(tree === "" ? [] : [["dev", tree]]),
  };
}

function merged(
  oid: string,
  about: { parents?: string[]; byGitHub?: boolean; commits?: number; head?: string },
): MergedPull {
  const { parents = ["old"], byGitHub = true, commits = 1, head = "head" } = about;
  return { headOid: head, commitCount: commits, mergeCommit: { oid, parents, byGitHub } };
}

function found(
  after: string,
  commits: readonly string[],
  range: Partial<PushedRange> = {},
): readonly string[] {
  const pushed: PushedRange = {
    before: "old",
    after,
    forced: false,
    commits: commits.map(commit),
    foldersBefore: new Map([["dev", "1"]]),
    merges: [],
    ...range,
  };
  return (unexplained(pushed, ["dev", "staging"]).get("dev") ?? []).map(({ oid }) => oid);
}

test.each<[string, readonly string[], readonly string[], Partial<PushedRange>]>([
  ["a commit that changes the folder", ["a<old 2"], ["a"], {}],
  ["a commit that does not", ["a<old 1"], [], {}],
  ["two, newest first", ["a<b 3", "b<old 2"], ["a", "b"], {}],
  ["a squash", ["a<old 2"], [], { merges: [merged("a", {})] }],
  [
    "a rebase of two",
    ["a<b 3", "b<old 2"],
    [],
    { merges: [merged("a", { parents: ["b"], byGitHub: false, commits: 2 })] },
  ],
  [
    "a merge, whose second parent came with it",
    ["a<old,h 2", "h<old 2"],
    [],
    { merges: [merged("a", { parents: ["old", "h"] })] },
  ],
  ["a commit under a squash", ["a<b 3", "b<old 2"], ["b"], { merges: [merged("a", { parents: ["b"] })] }],
  ["a commit upon a squash", ["a<b 3", "b<old 2"], ["a"], { merges: [merged("b", {})] }],
  [
    "a queue's group",
    ["a<b 3", "b<old 2"],
    [],
    { merges: [merged("b", {}), merged("a", { parents: ["b"] })] },
  ],
  [
    "merged at home",
    ["a<old,h 2", "h<old 2"],
    ["a"],
    { merges: [merged("a", { parents: ["old", "h"], byGitHub: false, head: "h" })] },
  ],
  ["fast-forwarded", ["a<old 2"], ["a"], { merges: [merged("a", { byGitHub: false, head: "a" })] }],
  ["a folder that is gone", ["a<old"], ["a"], {}],
  [
    "force, back to a commit that a pull request made",
    ["a<x 0"],
    ["a"],
    { forced: true, merges: [merged("a", {})] },
  ],
  ["force that leaves the folder as it is", ["a<x 1"], [], { forced: true }],
])("%s", (...[, commits, expected, range]) => {
  expect(found("a", commits, range)).toEqual(expected);
});
