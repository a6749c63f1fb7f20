// A commit made object by object, request by request.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { commitByGitData, needsGitData } from "../../../src/adapters/github/writes/git-data.ts";
import type { FileChange } from "../../../src/domain/model/draft.ts";
import { failureOf, leave, place } from "./place.ts";

let at: ReturnType<typeof place>;

beforeEach(() => {
  at = place();
  at.grants("ghs_1");
});
afterEach(leave);

const bytes = (text: string) => new TextEncoder().encode(text);
const message = { headline: "Promote xposer to 1.1.0 in dev", body: "From 1.0.0." };

test("the tree grows from that of the parent, keeps the executable bit, and GitHub signs for the App", async () => {
  const git = "/repos/acme/config/git";
  at.rest.get(`${git}/commits/parent`).reply(200, { sha: "parent", tree: { sha: "tree-of-parent" } });
  const blob = { encoding: "base64", content: Buffer.from("#!/bin/sh\n").toString("base64") };
  at.rest.post(`${git}/blobs`, blob).reply(201, { sha: "blob" });
  const tree = [
    { path: "dev/requirements.yaml", mode: "100755", type: "blob", sha: "blob" },
    { path: "dev/charts/xposer-1.0.0.tgz", mode: "100644", type: "blob", sha: null },
  ];
  at.rest.post(`${git}/trees`, { base_tree: "tree-of-parent", tree }).reply(201, { sha: "tree" });
  const commit = {
    message: "Promote xposer to 1.1.0 in dev\n\nFrom 1.0.0.",
    tree: "tree",
    parents: ["parent"],
  };
  at.rest.post(`${git}/commits`, commit).reply(201, { sha: "commit" });
  const files: FileChange[] = [
    { path: "dev/requirements.yaml", contents: bytes("#!/bin/sh\n"), mode: 0o100755 },
    { path: "dev/charts/xposer-1.0.0.tgz", contents: null, mode: 0o100644 },
  ];
  expect(await commitByGitData(at.client, "acme/config", { files, parent: "parent", message })).toBe(
    "commit",
  );
  expect(at.requests).toEqual(["rest 200", "rest 201", "rest 201", "rest 201"]);
});

test("nothing is made when the parent is gone", async () => {
  at.rest.get("/repos/acme/config/git/commits/parent").reply(404, { message: "Not Found" });
  const files = [{ path: "a", contents: bytes("a"), mode: 0o100755 }];
  const made = commitByGitData(at.client, "acme/config", { files, parent: "parent", message });
  expect(await failureOf(made)).toMatchObject({ kind: "missing", status: 404 });
});

test.each<[string, FileChange, boolean]>([
  ["a small text", { path: "a", contents: bytes("a"), mode: 0o100644 }, false],
  ["an executable text", { path: "a", contents: bytes("a"), mode: 0o100755 }, true],
  ["512,000 bytes", { path: "a", contents: new Uint8Array(512_000), mode: 0o100644 }, false],
  ["one byte more", { path: "a", contents: new Uint8Array(512_001), mode: 0o100644 }, true],
  ["a deletion", { path: "a", contents: null, mode: 0o100644 }, false],
])("%s needs it or not", (_, file, needed) => {
  expect(needsGitData([file])).toBe(needed);
});
