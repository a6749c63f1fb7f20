// The identity of a resource in the cluster.

import type { Manifest } from "./manifests.ts";

/** Kind, namespace and name, regardless of the API version. */
export function identityOf({ kind, namespace, name }: Pick<Manifest, "kind" | "namespace" | "name">): string {
  return JSON.stringify([kind, namespace, name]);
}
