// The updates that the API server refuses, by kind, as in its own validation of updates (k8s.io/kubernetes
// pkg/apis/GROUP/validation/validation.go, v1.33; each rule names its function).

import { storedAt } from "../../manifests/api-server/stored.ts";
import { listAt, same } from "../../manifests/tree.ts";
import { claimChanges, volumeChanges } from "./claims.ts";
import { definitionChanges } from "./definitions.ts";
import { deploymentChanges } from "./deployments.ts";
import { jobChanges } from "./jobs.ts";
import { podChanges } from "./pods.ts";
import { fixedFields, type RefusedChanges } from "./refused-change.ts";
import { configMapChanges, secretChanges } from "./sealed.ts";
import { serviceChanges } from "./services.ts";
import { statefulSetChanges } from "./stateful-sets.ts";

/** pkg/registry/apps/{daemonset,replicaset}/strategy.go ValidateUpdate. */
const selector = fixedFields([["spec", "selector"]]);

/** rbac ValidateRoleBindingUpdate, ValidateClusterRoleBindingUpdate. */
const roleRef: RefusedChanges = ({ before, after }) => {
  const group = { apiGroup: "rbac.authorization.k8s.io" };
  const [old, now] = [before, after].map((content) => ({ ...group, ...storedAt(content["roleRef"]) }));
  return same(old, now) ? [] : [{ field: "roleRef" }];
};

/** core ValidateResourceQuotaUpdate: the order does not matter. */
const quotaScopes: RefusedChanges = ({ before, after }) => {
  const [old, now] = [listAt(before, "spec", "scopes"), listAt(after, "spec", "scopes")];
  return [...new Set([...old, ...now])].every((scope) => old.includes(scope) && now.includes(scope))
    ? []
    : [{ field: "spec.scopes" }];
};

/** By group and kind, as `groupKind` writes them. */
export const IMMUTABLE: ReadonlyMap<string, RefusedChanges> = new Map(
  Object.entries({
    "Deployment.apps": deploymentChanges,
    "DaemonSet.apps": selector,
    "ReplicaSet.apps": selector,
    "StatefulSet.apps": statefulSetChanges,
    "Job.batch": jobChanges,
    Pod: podChanges,
    PersistentVolumeClaim: claimChanges,
    PersistentVolume: volumeChanges,
    Service: serviceChanges,
    ConfigMap: configMapChanges,
    Secret: secretChanges,
    "RoleBinding.rbac.authorization.k8s.io": roleRef,
    "ClusterRoleBinding.rbac.authorization.k8s.io": roleRef,
    "CustomResourceDefinition.apiextensions.k8s.io": definitionChanges,
    ResourceQuota: quotaScopes,
    /** storage ValidateStorageClassUpdate; defaults in pkg/apis/storage/v1/defaults.go. */
    "StorageClass.storage.k8s.io": fixedFields(
      [["provisioner"]],
      [["parameters"]],
      [["reclaimPolicy"], "Delete"],
      [["volumeBindingMode"], "Immediate"],
    ),
    /** storage ValidateCSIDriverUpdate. */
    "CSIDriver.storage.k8s.io": fixedFields(
      [["spec", "attachRequired"], true],
      [["spec", "volumeLifecycleModes"], ["Persistent"]],
    ),
    /** storage ValidateCSIStorageCapacityUpdate. */
    "CSIStorageCapacity.storage.k8s.io": fixedFields([["nodeTopology"]], [["storageClassName"]]),
    /** storage ValidateVolumeAttributesClassUpdate. */
    "VolumeAttributesClass.storage.k8s.io": fixedFields([["driverName"]], [["parameters"]]),
    /** scheduling ValidatePriorityClassUpdate. */
    "PriorityClass.scheduling.k8s.io": fixedFields(
      [["value"]],
      [["preemptionPolicy"], "PreemptLowerPriority"],
    ),
    /** networking ValidateIngressClassUpdate. */
    "IngressClass.networking.k8s.io": fixedFields([["spec", "controller"]]),
    /** node ValidateRuntimeClassUpdate. */
    "RuntimeClass.node.k8s.io": fixedFields([["handler"]]),
    /** discovery ValidateEndpointSliceUpdate. */
    "EndpointSlice.discovery.k8s.io": fixedFields([["addressType"]]),
  } satisfies Record<string, RefusedChanges>),
);
