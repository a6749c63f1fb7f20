// The API group and kind of a manifest. A kind alone is ambiguous: `Service` is core's and Knative's, `Job` is batch's
// and Volcano's.

import type { Manifest } from "./manifests.ts";

/** As Kubernetes writes a GroupKind: "Deployment.apps"; the core group has no name: "Service". Without the version. */
export function groupKind({ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">): string {
  const group = groupOf({ apiVersion });
  return group === "" ? kind : `${kind}.${group}`;
}

/** "apps" of `apps/v1`; empty for the core group's `v1`. */
export function groupOf({ apiVersion }: Pick<Manifest, "apiVersion">): string {
  const slash = apiVersion.indexOf("/");
  return slash === -1 ? "" : apiVersion.slice(0, slash);
}
