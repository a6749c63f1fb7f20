// PersistentVolumeClaims and PersistentVolumes: nearly all of a claim's spec, and the source of a volume, are immutable
// (k8s.io/kubernetes pkg/apis/core/validation/validation.go ValidatePersistentVolumeClaimUpdate and
// ValidatePersistentVolumeUpdate).

import { claimWithDefaults } from "../../manifests/api-server/claim-defaults.ts";
import { volumeSourceWithDefaults } from "../../manifests/api-server/pod-defaults.ts";
import { stored, storedAt } from "../../manifests/api-server/stored.ts";
import { quantity } from "../../manifests/quantity.ts";
import { same, textAt, treeAt, type ValueTree, valueAt } from "../../manifests/tree.ts";
import { allOf, fixedFields, type RefusedChange, type RefusedChanges } from "./refused-change.ts";

export const claimChanges: RefusedChanges = allOf(
  ({ before, after }) => claimSpec(treeAt(before, "spec"), treeAt(after, "spec")),
  ({ before, after }) => size(before, after),
  fixedFields([["metadata", "annotations", "volume.beta.kubernetes.io/storage-class"]]),
);

const CLAIM_FIELDS = [
  "accessModes",
  "selector",
  "volumeMode",
  "dataSource",
  "dataSourceRef",
  "volumeName",
  "storageClassName",
  "volumeAttributesClassName",
];

function claimSpec(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const [old, now] = [claimWithDefaults(before), claimWithDefaults(after)];
  const changed = CLAIM_FIELDS.filter((field) => !same(old[field], now[field]));
  const limits = same(treeAt(old, "resources", "limits"), treeAt(now, "resources", "limits"));
  return [
    ...changed.map((field) => claimField(field, old[field])),
    ...(limits ? [] : [{ field: "spec.resources.limits" }]),
  ];
}

/** The cluster has set the fields that the manifest omitted, to values that are not known here. */
function claimField(name: string, old: unknown): RefusedChange {
  const field = `spec.${name}`;
  if (name === "storageClassName" && old === undefined)
    return { field, unless: "the claim has no class yet, or that one already" };
  if (name === "volumeName" && (old === undefined || old === ""))
    return { field, unless: "the claim is not bound yet, or bound to that volume" };
  if (name === "volumeAttributesClassName")
    return { field, unless: "the claim is bound, and the cluster lets the attributes of volumes change" };
  return { field };
}

/**
 * A claim may only grow, and only if its storage class allows it
 * (plugin/pkg/admission/storage/persistentvolume/resize).
 */
function size(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const path = ["spec", "resources", "requests", "storage"];
  const [old, now] = [quantity(valueAt(before, path)), quantity(valueAt(after, path))];
  if (old === undefined || now === undefined || old === now) return [];
  const field = path.join(".");
  return now < old
    ? [{ field }]
    : [{ field, unless: "the claim is bound and its storage class has `allowVolumeExpansion`" }];
}

export const volumeChanges: RefusedChanges = allOf(
  fixedFields([["spec", "volumeMode"], "Filesystem"]),
  ({ before, after }) => {
    const [old, now] = [before, after].map((content) => sourceOf(treeAt(content, "spec")));
    return same(old, now) ? [] : [{ field: `spec.${sourceName(before, after)}` }];
  },
  ({ before, after }) => {
    const affinity = ["spec", "nodeAffinity"];
    const [old, now] = [stored(valueAt(before, affinity)), stored(valueAt(after, affinity))];
    return old === undefined || same(old, now) ? [] : [{ field: "spec.nodeAffinity" }];
  },
);

/** Fields of a volume's spec that are not its source. */
const NO_SOURCE = new Set([
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
]);

function sourceOf(spec: ValueTree): ValueTree {
  const source = Object.entries(storedAt(spec)).filter(([field]) => !NO_SOURCE.has(field));
  return volumeSourceWithDefaults(Object.fromEntries(source));
}

function sourceName(before: ValueTree, after: ValueTree): string {
  const [old = {}, now = {}] = [before, after].map((content) => sourceOf(treeAt(content, "spec")));
  const names = [...Object.keys(old), ...Object.keys(now)];
  return names.find((name) => !same(old[name], now[name])) ?? textAt(now, "name");
}
