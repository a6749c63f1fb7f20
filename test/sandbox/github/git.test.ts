import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { commitsBetween, distance, isContained, mergeBase } from "../../../src/sandbox/github/git/history.ts";
import { mergeLines, type Sides } from "../../../src/sandbox/github/git/merge-trees.ts";
import { type Mode, ObjectStore } from "../../../src/sandbox/github/git/object-store.ts";
import { changesBetween, changeTree, filesOf, itemAt } from "../../../src/sandbox/github/git/trees.ts";
import { writeBareRepository, writeFiles } from "../../../src/sandbox/github/git/write-out.ts";
import { createGitHub } from "../../../src/sandbox/github/github.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "offline-github-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function git(args: readonly string[], input?: string | Buffer): string {
  return execFileSync("git", args, { cwd: folder, ...(input !== undefined && { input }) })
    .toString()
    .trim();
}

describe("objects have the ids that git gives them", () => {
  test.each(["", "hello\n", "\0binary\xff", "ä".repeat(100_000)])("blob of %#", (text) => {
    const content = Buffer.from(text, "latin1");
    expect(new ObjectStore().addBlob(content)).toBe(git(["hash-object", "--stdin"], content));
  });

  test("git reads, checks and checks out a whole repository", () => {
    const github = createGitHub();
    const modes: Mode = "100755";
    const repository = github.createRepository({
      name: "acme/config",
      files: {
        "a.txt": "a\n",
        "a/b.txt": "b\n",
        "a-b": "sorted between a and a/\n",
        "run.sh": { contents: "#!/bin/sh\n", mode: modes },
        link: { contents: "a.txt", mode: "120000" },
      },
    });
    const person = github.as("Jürgen <x>");
    person.push("acme/config", {
      branch: "topic",
      files: { "a/b.txt": null, "a/c.txt": "c\n" },
      message: "Umlaut ü\n",
    });
    person.push("acme/config", { branch: "main", files: { "d.txt": "d\n" } });
    const number = person.openPullRequest("acme/config", { head: "topic", title: "Topic" });
    const merged = github.as("alice").merge("acme/config", number);
    const at = join(folder, "bare.git");
    writeBareRepository(repository.objects, repository.refs, { folder: at, defaultBranch: "main" });

    expect(git(["-C", at, "fsck", "--strict", "--full"])).not.toMatch(/error|missing|bad/);
    expect(git(["-C", at, "rev-parse", "main"])).toBe(merged);
    expect(git(["-C", at, "log", "--format=%s", "-1", "main"])).toBe("Merge pull request #1 from acme/topic");
    expect(
      git(["-C", at, "ls-tree", "-r", "main"])
        .split("\n")
        .map((line) => line.replace(/ blob \w+\t/, " ")),
    ).toEqual([
      "100644 a-b",
      "100644 a.txt",
      "100644 a/c.txt",
      "100644 d.txt",
      "120000 link",
      "100755 run.sh",
    ]);
    git(["clone", "-q", at, join(folder, "clone")]);
    expect(readFileSync(join(folder, "clone/a/c.txt"), "utf8")).toBe("c\n");
    writeFiles(repository.objects, merged, join(folder, "files"));
    expect(statSync(join(folder, "files/run.sh")).mode & 0o111).not.toBe(0);
  });
});

describe("trees", () => {
  const store = new ObjectStore();
  const file = (text: string) => ({ mode: "100644", oid: store.addBlob(Buffer.from(text)) }) as const;

  test("a file takes the place of a folder and the other way round", () => {
    const one = changeTree(store, undefined, new Map([["a/b", file("1")]]));
    const two = changeTree(store, one, new Map([["a", file("2")]]));
    expect([...filesOf(store, two).keys()]).toEqual(["a"]);
    expect([...filesOf(store, changeTree(store, two, new Map([["a/b", file("3")]]))).keys()]).toEqual([
      "a/b",
    ]);
  });

  test("empty folders vanish and changes are told by path", () => {
    const one = changeTree(
      store,
      undefined,
      new Map([
        ["a/b", file("1")],
        ["c", file("1")],
      ]),
    );
    const two = changeTree(
      store,
      one,
      new Map([
        ["a/b", null],
        ["d", file("1")],
      ]),
    );
    expect(itemAt(store, two, "a")).toBeUndefined();
    expect(changesBetween(store, one, two).map(({ path, after }) => [path, after !== undefined])).toEqual([
      ["a/b", false],
      ["d", true],
    ]);
  });
});

test("history knows what is contained, ahead and behind", () => {
  const store = new ObjectStore();
  const author = { name: "a", email: "a@example.com", date: new Date(0) };
  const tree = store.addTree([]);
  const commit = (message: string, ...parents: string[]) =>
    store.addCommit({ tree, parents, author, committer: author, message });
  const root = commit("root");
  const left = commit("left", root);
  const right = commit("right", root);
  const merge = commit("merge", left, right);
  expect(isContained(store, right, merge)).toBe(true);
  expect(isContained(store, merge, right)).toBe(false);
  expect(mergeBase(store, left, right)).toBe(root);
  expect(mergeBase(store, merge, right)).toBe(right);
  expect(commitsBetween(store, left, merge)).toEqual([right, merge]);
  expect(distance(store, left, right)).toEqual({ aheadBy: 1, behindBy: 1, status: "DIVERGED" });
  expect(distance(store, merge, left)).toEqual({ aheadBy: 0, behindBy: 2, status: "BEHIND" });
});

describe("merging lines agrees with git merge-file", () => {
  const edit = fc.constantFrom(...Array<string>(12).fill("keep"), "replace", "delete", "insert");
  const edits = fc.array(edit, { minLength: 9, maxLength: 9 });

  function edited(changes: readonly string[], word: string): string {
    return changes
      .flatMap((change, index) => {
        const line = `line ${index}`;
        if (change === "replace") return [`${word} ${index}`];
        if (change === "insert") return [`${word} before ${index}`, line];
        return change === "delete" ? [] : [line];
      })
      .map((line) => `${line}\n`)
      .join("");
  }

  test("wherever both sides change a text", () => {
    const base = edited(Array(9).fill("keep"), "");
    let conflicts = 0;
    const property = fc.property(edits, edits, fc.boolean(), (one, two, alike) => {
      const ours = edited(one, "ours");
      const theirs = edited(two, alike ? "ours" : "theirs");
      const expected = mergeFile({ ours, base, theirs });
      if (expected === undefined) conflicts++;
      expect(mergeLines({ ours, base, theirs })).toBe(expected);
    });
    fc.assert(property, { numRuns: 120 });
    expect(conflicts).toBeGreaterThan(20);
    expect(conflicts).toBeLessThan(100);
  });

  test.each([
    ["neighbouring lines conflict", { ours: "v2\n1\n", base: "v1\n1\n", theirs: "v2\n2\n" }],
    ["one unchanged line between is enough", { ours: "A\nb\nc\n", base: "a\nb\nc\n", theirs: "a\nb\nC\n" }],
    ["the same change on both sides is one", { ours: "x\n", base: "a\n", theirs: "x\n" }],
    ["no newline at the end", { ours: "a\nb\nX", base: "a\nb\nc", theirs: "A\nb\nc" }],
  ])("%s", (_, sides) => {
    expect(mergeLines(sides)).toBe(mergeFile(sides));
  });

  /** What git makes of it; `undefined` on a conflict. */
  function mergeFile({ ours, base, theirs }: Sides): string | undefined {
    const paths = [ours, base, theirs].map((text, index) => {
      const path = join(folder, `side${index}`);
      writeFileSync(path, text);
      return path;
    });
    try {
      return execFileSync("git", ["merge-file", "-p", ...paths]).toString();
    } catch {
      return undefined;
    }
  }
});
