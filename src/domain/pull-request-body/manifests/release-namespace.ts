// Helm puts resources without a namespace into the release's (k8s.io/cli-runtime pkg/resource visitor.go SetNamespace),
// so naming that one explicitly is the same resource.

import type { Manifest } from "./manifests.ts";
import { isTree, type ValueTree } from "./tree.ts";

/** Drops the namespace of a manifest if it is the release's own. */
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
