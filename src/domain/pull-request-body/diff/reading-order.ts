// The order in which resources are listed: workloads first, definitions last.

import type { ResourceChange } from "../manifests/compare-manifests.ts";
import { groupKind, groupOf } from "../manifests/group-kind.ts";
import type { Manifest } from "../manifests/manifests.ts";

const CLASSES = ["workload", "access", "network", "storage", "configuration", "other", "definition"] as const;

type ResourceClass = (typeof CLASSES)[number];

/** By class; within a class in the given order. */
export function inReadingOrder<Change extends ResourceChange>(changes: readonly Change[]): readonly Change[] {
  const byClass = Map.groupBy(changes, classOf);
  return CLASSES.flatMap((name) => byClass.get(name) ?? []);
}

export function classOf(change: ResourceChange): ResourceClass {
  const manifest = change.kind === "removed" ? change.before : change.after;
  return (
    CLASS_OF_KIND.get(groupKind(manifest)) ?? CLASS_OF_GROUP.get(groupOf(manifest)) ?? classByName(manifest)
  );
}

const CLASS_OF_KIND = table({
  Pod: "workload",
  ReplicationController: "workload",
  ServiceAccount: "access",
  Service: "network",
  Endpoints: "network",
  PersistentVolume: "storage",
  PersistentVolumeClaim: "storage",
  ConfigMap: "configuration",
  Secret: "configuration",
});

const CLASS_OF_GROUP = table({
  apps: "workload",
  batch: "workload",
  autoscaling: "workload",
  policy: "workload",
  "rbac.authorization.k8s.io": "access",
  "networking.k8s.io": "network",
  extensions: "network",
  "discovery.k8s.io": "network",
  "gateway.networking.k8s.io": "network",
  "storage.k8s.io": "storage",
  "snapshot.storage.k8s.io": "storage",
  "apiextensions.k8s.io": "definition",
});

function table(classes: Readonly<Record<string, ResourceClass>>): ReadonlyMap<string, ResourceClass> {
  return new Map(Object.entries(classes));
}

/** Custom resources that replace one of Kubernetes' own kinds are named after it. */
function classByName({ kind }: Manifest): ResourceClass {
  if (/(?:Deployment|StatefulSet|DaemonSet|Rollout|Job|Workflow)$/.test(kind)) return "workload";
  if (/(?:Role|RoleBinding)$/.test(kind)) return "access";
  if (/(?:NetworkPolicy|Ingress|Gateway|VirtualService|Route|IngressRoute)$/.test(kind)) return "network";
  return /(?:Secret|Config|ConfigMap)$/.test(kind) ? "configuration" : "other";
}
