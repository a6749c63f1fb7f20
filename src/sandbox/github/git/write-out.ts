// A repository written to disk: as a bare repository that real git reads, or as the files of one commit.

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import type { ObjectStore } from "./object-store.ts";
import { filesOf } from "./trees.ts";

/** Writes a bare repository with loose objects, e.g. for `git fsck` and `git clone`. */
export function writeBareRepository(
  store: ObjectStore,
  refs: ReadonlyMap<string, string>,
  at: { readonly folder: string; readonly defaultBranch: string },
): void {
  mkdirSync(join(at.folder, "refs/heads"), { recursive: true });
  mkdirSync(join(at.folder, "objects"), { recursive: true });
  writeFileSync(join(at.folder, "HEAD"), `ref: refs/heads/${at.defaultBranch}\n`);
  writeFileSync(join(at.folder, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
  for (const { oid, bytes } of store.encoded()) {
    const path = join(at.folder, "objects", oid.slice(0, 2), oid.slice(2));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, deflateSync(bytes));
  }
  const packed = [...refs].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, oid]) => `${oid} ${name}\n`);
  writeFileSync(join(at.folder, "packed-refs"), packed.join(""));
}

/** Writes the files of one commit, with their modes. */
export function writeFiles(store: ObjectStore, commit: string, folder: string): void {
  for (const [path, { mode, oid }] of filesOf(store, store.mustCommit(commit).tree)) {
    const content = store.blob(oid);
    if (content === undefined) continue;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    if (mode === "120000") symlinkSync(content.toString(), target);
    else {
      writeFileSync(target, content);
      chmodSync(target, mode === "100755" ? 0o755 : 0o644);
    }
  }
}
