// Which resource of the cluster a manifest means.

import type { Manifest } from "./manifests.ts";

/** Kind, namespace and name: the same resource whatever the version of its API. */
export function identityOf({ kind, namespace, name }: Pick<Manifest, "kind" | "namespace" | "name">): string {
  return JSON.stringify([kind, namespace, name]);
}
