// Names of things in the cluster: a value that equals one is a reference, not a secret.

import type { Manifest } from "../manifests/manifests.ts";
import { treeAt } from "../manifests/tree.ts";
import { referencesOf } from "../risks/removed/references.ts";

/** Names of resources, of what they refer to, and of the entries of ConfigMaps and Secrets. */
export function namesInUse(manifests: readonly Manifest[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const manifest of manifests) {
    names.add(manifest.name).add(manifest.namespace);
    for (const { name, key = "" } of referencesOf(manifest)) names.add(name).add(key);
    for (const field of ["data", "stringData", "binaryData"])
      for (const key of Object.keys(treeAt(manifest.content, field))) names.add(key);
  }
  return names;
}
