// Trees as paths: reading them, and making a new tree from an old one and changes.

import type { Mode, ObjectStore, TreeItem } from "./object-store.ts";

export interface FileEntry {
  readonly mode: Mode;
  readonly oid: string;
}

/** The change of each path; `null` deletes it. */
export type PathChanges = ReadonlyMap<string, FileEntry | null>;

export interface PathChange {
  readonly path: string;
  readonly before?: FileEntry;
  readonly after?: FileEntry;
}

/** Every file below a tree (not the folders) by its full path. */
export function filesOf(store: ObjectStore, tree: string): Map<string, FileEntry> {
  const files = new Map<string, FileEntry>();
  collect(store, tree, { prefix: "", files });
  return files;
}

function collect(store: ObjectStore, tree: string, into: { prefix: string; files: Map<string, FileEntry> }) {
  for (const { mode, name, oid } of store.tree(tree) ?? []) {
    const path = `${into.prefix}${name}`;
    if (mode === "40000") collect(store, oid, { prefix: `${path}/`, files: into.files });
    else into.files.set(path, { mode, oid });
  }
}

/** The file, folder or submodule at a path; "" is the tree itself. */
export function itemAt(store: ObjectStore, tree: string, path: string): TreeItem | undefined {
  const segments = path.split("/").filter((segment) => segment !== "");
  let item: TreeItem = { mode: "40000", name: "", oid: tree };
  for (const segment of segments) {
    const next = store.tree(item.oid)?.find((child) => child.name === segment);
    if (next === undefined) return undefined;
    item = next;
  }
  return item;
}

/** A tree with the changes made; folders that become empty vanish, as in git. */
export function changeTree(store: ObjectStore, tree: string | undefined, changes: PathChanges): string {
  const files = tree === undefined ? new Map<string, FileEntry>() : filesOf(store, tree);
  for (const [path, entry] of changes) {
    if (entry === null) files.delete(path);
    else {
      makeRoom(files, path);
      files.set(path, entry);
    }
  }
  return treeOf(store, files);
}

/** A file replaces a folder of the same name, and files named like its parent folders. */
function makeRoom(files: Map<string, FileEntry>, path: string) {
  const segments = path.split("/");
  for (let length = 1; length < segments.length; length++) files.delete(segments.slice(0, length).join("/"));
  for (const other of [...files.keys()]) if (other.startsWith(`${path}/`)) files.delete(other);
}

/** Writes the tree that holds exactly these files. */
export function treeOf(store: ObjectStore, files: ReadonlyMap<string, FileEntry>): string {
  const folders = new Map<string, Map<string, FileEntry>>();
  const items: TreeItem[] = [];
  for (const [path, entry] of files) {
    const slash = path.indexOf("/");
    if (slash === -1) {
      items.push({ ...entry, name: path });
      continue;
    }
    const folder = path.slice(0, slash);
    const inside = folders.get(folder) ?? new Map<string, FileEntry>();
    folders.set(folder, inside.set(path.slice(slash + 1), entry));
  }
  for (const [name, inside] of folders) items.push({ mode: "40000", name, oid: treeOf(store, inside) });
  return store.addTree(items);
}

/** Files that differ between two trees, by path. */
export function changesBetween(store: ObjectStore, from: string, to: string): readonly PathChange[] {
  if (from === to) return [];
  const before = filesOf(store, from);
  const after = filesOf(store, to);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .map((path) => pathChange(path, before.get(path), after.get(path)))
    .filter(({ before: old, after: now }) => old?.oid !== now?.oid || old?.mode !== now?.mode);
}

function pathChange(path: string, before: FileEntry | undefined, after: FileEntry | undefined): PathChange {
  return { path, ...(before && { before }), ...(after && { after }) };
}
