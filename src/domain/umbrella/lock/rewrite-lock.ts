// The text of a lock with new content: replaces only values that differ, each in the file's own style.

import type { LockedDependency } from "../../model/umbrella.ts";
import { differences, plainOf } from "../yaml/go-map.ts";
import { readTree } from "../yaml/read-tree.ts";
import { plainOrQuoted } from "../yaml/scalar-text.ts";
import { applySplices, type InsertionPoint, insertPair, type Splice, scalarSplice } from "../yaml/splice.ts";
import { dereference, type Mapping, type YamlTree } from "../yaml/yaml-tree.ts";
import { type LockFile, lockField } from "./lock-file.ts";
import { generatedText, type LockContent, printLock } from "./lock-text.ts";

/** Changes the differing values and the time; when the list of entries changes, it is rewritten in Helm's format. */
export function rewriteLock(lock: LockFile, content: LockContent): string | undefined {
  const { items, tree, root } = lock;
  const { dependencies, digest } = content;
  const isAligned =
    items.length === dependencies.length &&
    items.every(({ locked }, index) => locked.name === dependencies[index]?.name);
  if (!isAligned) return printLock(content);
  const isSame = items.every(({ locked }, index) => isSameEntry(locked, dependencies[index]));
  if (isSame && lock.digest === digest) return tree.text;
  const splices = [
    ...items.flatMap(({ mapping, locked }, index) => {
      const entry = dependencies[index] ?? locked;
      return [
        ...fieldSplice(tree, mapping, ["repository", locked.repository, entry.repository]),
        ...fieldSplice(tree, mapping, ["version", locked.version, entry.version]),
      ];
    }),
    ...fieldSplice(tree, root, ["digest", lock.digest, digest]),
    ...fieldSplice(tree, root, ["generated", undefined, generatedText(content.generated)]),
  ];
  return proven(lock, applySplices(tree.text, splices), content);
}

function isSameEntry(a: LockedDependency, b: LockedDependency | undefined): boolean {
  return a.version === b?.version && a.repository === b.repository;
}

function fieldSplice(
  tree: YamlTree,
  mapping: Mapping,
  [name, before, after]: readonly [string, string | undefined, string],
): readonly Splice[] {
  if (before === after) return [];
  const field = lockField(mapping, name);
  if (field === undefined) {
    const print = ({ kind }: InsertionPoint) =>
      `${name}: ${plainOrQuoted(after, { flow: kind === "inline" })}`;
    return name === "generated" ? [] : [insertPair(tree.text, mapping, print)];
  }
  const scalar = dereference(field.value);
  return scalar.kind === "scalar" ? [scalarSplice(tree, scalar, after)] : [];
}

/** The new text, if parsing it gives exactly the wanted values and no other change. */
function proven({ tree, file }: LockFile, text: string, content: LockContent): string | undefined {
  const after = readTree(file, text, "lock-invalid");
  if (!after.ok || tree.root === undefined || after.value.root === undefined) return undefined;
  const isWanted = differences(plainOf(tree.root), plainOf(after.value.root)).every(
    ({ path, after: value }) => {
      const [top, index, field] = path.map((step) => String(step).toLowerCase());
      if (top === "digest") return value === content.digest;
      if (top === "generated") return value === generatedText(content.generated);
      const entry = content.dependencies[Number(index)];
      return (
        top === "dependencies" &&
        (field === "version" ? value === entry?.version : value === entry?.repository)
      );
    },
  );
  return isWanted ? text : undefined;
}
