// The release's namespace, stated or not: Helm puts into it whatever names no other (k8s.io/cli-runtime pkg/resource visitor.go
// SetNamespace), so stating it makes no other resource.

import type { Manifest } from "./manifests.ts";
import { isTree, type ValueTree } from "./tree.ts";

/** The same manifest without a namespace where it is the release's own. */
export function inRelease(manifest: Manifest, namespace: string): Manifest {
  if (manifest.namespace !== namespace) return manifest;
  const { content, second } = manifest;
  return {
    ...manifest,
    namespace: "",
    content: unplaced(content),
    ...(second && { second: unplaced(second) }),
  };
}

function unplaced(content: ValueTree): ValueTree {
  const { metadata } = content;
  if (!isTree(metadata)) return content;
  const { namespace: _release, ...rest } = metadata;
  return { ...content, metadata: rest };
}
