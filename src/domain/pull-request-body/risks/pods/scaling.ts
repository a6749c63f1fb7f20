// How many pods of a workload there are.

import { groupKind } from "../../manifests/group-kind.ts";
import { identityOf } from "../../manifests/identity.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { textAt, valueAt } from "../../manifests/tree.ts";

const SCALED = new Set(["Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "Rollout.argoproj.io"]);

/** Workloads that keep a number of pods. */
export function isScaled(manifest: Manifest): boolean {
  return SCALED.has(groupKind(manifest));
}

/**
 * The least number of pods by the name of each workload that something else scales; `undefined` where that is not
 * known.
 */
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

/** `spec.replicas`; `undefined` where the manifest leaves it out, or says something else than a number. */
export function replicasOf(manifest: Manifest): number | undefined {
  const stated = valueAt(manifest.content, ["spec", "replicas"]);
  return typeof stated === "number" ? stated : undefined;
}
