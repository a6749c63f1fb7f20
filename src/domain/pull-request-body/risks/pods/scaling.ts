// The number of replicas of a workload.

import { groupKind } from "../../manifests/group-kind.ts";
import { identityOf } from "../../manifests/identity.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { textAt, valueAt } from "../../manifests/tree.ts";

const SCALED = new Set(["Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "Rollout.argoproj.io"]);

/** Workloads with `spec.replicas`. */
export function isScaled(manifest: Manifest): boolean {
  return SCALED.has(groupKind(manifest));
}

/** Minimum replicas of each workload with an autoscaler, by its identity; `undefined` when not known. */
export function autoscaled(manifests: readonly Manifest[]): ReadonlyMap<string, number | undefined> {
  const scalers = manifests.filter((one) => SCALERS.has(groupKind(one)));
  return new Map(
    scalers.map((scaler) => {
      const least = scaler.kind === "HorizontalPodAutoscaler" ? "minReplicas" : "minReplicaCount";
      const stated = valueAt(scaler.content, ["spec", least]) ?? (least === "minReplicas" ? 1 : 0);
      const target = {
        kind: textAt(scaler.content, "spec", "scaleTargetRef", "kind") || "Deployment",
        name: textAt(scaler.content, "spec", "scaleTargetRef", "name"),
        namespace: scaler.namespace,
      };
      return [identityOf(target), typeof stated === "number" ? stated : undefined] as const;
    }),
  );
}

const SCALERS = new Set(["HorizontalPodAutoscaler.autoscaling", "ScaledObject.keda.sh"]);

/** `spec.replicas`; `undefined` when the manifest omits it or it is not a number. */
export function replicasOf(manifest: Manifest): number | undefined {
  const stated = valueAt(manifest.content, ["spec", "replicas"]);
  return typeof stated === "number" ? stated : undefined;
}
