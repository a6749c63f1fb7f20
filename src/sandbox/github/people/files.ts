// Files as given by a person to the offline GitHub.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Mode, ObjectStore } from "../git/object-store.ts";
import { changeTree, type FileEntry } from "../git/trees.ts";

/** A text, bytes, either with a mode, or `null` to delete. */
type FileGiven = string | Uint8Array | { readonly contents: string | Uint8Array; readonly mode: Mode } | null;

export type FilesGiven = { readonly [path: string]: FileGiven };

/** The tree with these files written over (or deleted from) another. */
export function writeTree(store: ObjectStore, base: string | undefined, files: FilesGiven): string {
  const changes = Object.entries(files).map(([path, file]) => [path, entry(store, file)] as const);
  return changeTree(store, base, new Map(changes));
}

function entry(store: ObjectStore, file: FileGiven): FileEntry | null {
  if (file === null) return null;
  const plain = typeof file === "string" || file instanceof Uint8Array;
  const contents = plain ? file : file.contents;
  const mode = plain ? "100644" : file.mode;
  return { mode, oid: store.addBlob(typeof contents === "string" ? Buffer.from(contents) : contents) };
}

/** Every file of a folder on disk, by path, with its executable bit. */
export function filesIn(folder: string): FilesGiven {
  const files: { [path: string]: FileGiven } = {};
  for (const item of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!item.isFile()) continue;
    const path = join(item.parentPath, item.name);
    const mode = (statSync(path).mode & 0o100) === 0 ? "100644" : "100755";
    files[path.slice(folder.length).replace(/^\/+/, "")] = { contents: readFileSync(path), mode };
  }
  return files;
}
