// Fields that Kubernetes does not let anybody change: the upgrade fails until the resource is deleted and made again.
// (Validation in kubernetes/kubernetes pkg/apis/{apps,batch,core,rbac,storage}/validation.)

import type { ResourceChange } from "./compare-manifests.ts";
import type { Manifest } from "./manifests.ts";
import { resourceName } from "./resource-name.ts";
import type { Risk } from "./risk.ts";
import { dotted, hasPath, isTree, type Path, same, type Tree, textAt, treeAt, valueAt } from "./tree.ts";

const FIXED: { readonly [kind: string]: readonly Path[] } = {
  Deployment: [["spec", "selector"]],
  DaemonSet: [["spec", "selector"]],
  ReplicaSet: [["spec", "selector"]],
  StatefulSet: [
    ["spec", "selector"],
    ["spec", "serviceName"],
    ["spec", "volumeClaimTemplates"],
    ["spec", "podManagementPolicy"],
  ],
  Job: [
    ["spec", "template"],
    ["spec", "selector"],
    ["spec", "completionMode"],
  ],
  PersistentVolumeClaim: [
    ["spec", "accessModes"],
    ["spec", "storageClassName"],
    ["spec", "volumeName"],
    ["spec", "volumeMode"],
    ["spec", "selector"],
    ["spec", "dataSource"],
  ],
  RoleBinding: [["roleRef"]],
  ClusterRoleBinding: [["roleRef"]],
  StorageClass: [["provisioner"], ["parameters"], ["reclaimPolicy"], ["volumeBindingMode"]],
  CustomResourceDefinition: [
    ["spec", "scope"],
    ["spec", "group"],
  ],
  PriorityClass: [["value"]],
  Secret: [["type"]],
};

export function immutableRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind !== "changed" && change.kind !== "relabelled") return [];
  const { before, after } = change;
  if (isHook(after)) return [];
  const paths = changedFixed(before, after);
  if (paths.length === 0) return [];
  const fields = paths.map((path) => `\`${dotted(path)}\``).join(", ");
  return [
    {
      level: "danger",
      text: `${resourceName(after)} changes ${fields}, which Kubernetes does not allow: the upgrade will fail`,
    },
  ];
}

/** Helm deletes a hook before it makes it again. */
function isHook({ content }: Manifest): boolean {
  return textAt(content, "metadata", "annotations", "helm.sh/hook") !== "";
}

function changedFixed(before: Manifest, after: Manifest): readonly Path[] {
  const fixed = (FIXED[after.kind] ?? []).filter((path) => differs(before.content, after.content, path));
  return [...fixed, ...clusterIp(before, after), ...sealed(before, after)];
}

/** A field left out stays as it is in the cluster, unless it said something before. */
function differs(before: Tree, after: Tree, path: Path): boolean {
  if (!hasPath(before, path) && !hasPath(after, path)) return false;
  return !same(claims(valueAt(before, path), path), claims(valueAt(after, path), path));
}

/** Of volume claim templates everything counts but their labels and annotations, which Helm charts like to version. */
function claims(value: unknown, path: Path): unknown {
  if (path.at(-1) !== "volumeClaimTemplates" || !Array.isArray(value)) return value;
  return value.map((claim) => ({
    name: textAt(claim, "metadata", "name"),
    spec: treeAt(claim, "spec"),
    labels: treeAt(claim, "metadata", "labels"),
  }));
}

/** An address once given stays: `None` to something, something to another. */
function clusterIp({ kind, content: before }: Manifest, { content: after }: Manifest): readonly Path[] {
  if (kind !== "Service") return [];
  const [old, now] = [textAt(before, "spec", "clusterIP"), textAt(after, "spec", "clusterIP")];
  return old === now || (old !== "None" && now === "") || (old === "" && now === "")
    ? []
    : [["spec", "clusterIP"]];
}

/** A ConfigMap or Secret that declared itself immutable. */
function sealed({ kind, content: before }: Manifest, { content: after }: Manifest): readonly Path[] {
  if ((kind !== "ConfigMap" && kind !== "Secret") || before["immutable"] !== true) return [];
  const fields = ["data", "binaryData", "stringData"].filter((field) => !same(before[field], after[field]));
  return fields.filter((field) => isTree(before[field]) || isTree(after[field])).map((field) => [field]);
}
