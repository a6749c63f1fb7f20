// Normalises a part of a manifest as the API server stores it, so that two can be compared as it does
// (k8s.io/apimachinery pkg/api/equality: empty equals absent; quantities are compared by value).

import { quantity } from "../quantity.ts";
import { isTree, type ValueTree } from "../tree.ts";

/**
 * Drops nulls, empty lists, and, where Kubernetes' type has no pointer (k8s.io/api core/v1 types.go), empty texts,
 * zeros and `false`: they equal absent fields. `undefined` when nothing is left.
 */
export function stored(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(storedItem);
  if (isTree(value)) return storedTree(value, key);
  if (value === null || value === undefined) return undefined;
  const nothing = value === "" || value === 0 || value === false;
  return nothing && !POINTERS.has(key) ? undefined : value;
}

export function storedAt(value: unknown): ValueTree {
  const found = stored(value);
  return isTree(found) ? found : {};
}

/** An item of a list is always kept. */
function storedItem(item: unknown): unknown {
  return isTree(item) ? storedAt(item) : item;
}

function storedTree(tree: ValueTree, key: string): ValueTree | undefined {
  const entries = Object.entries(tree).flatMap(([name, value]) => {
    const kept = keptIn(key, name, value);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return entries.length === 0 && !POINTERS_TO_STRUCTS.has(key) ? undefined : Object.fromEntries(entries);
}

function keptIn(key: string, name: string, value: unknown): unknown {
  if (TEXTS.has(key)) return value === null ? undefined : value;
  return AMOUNTS.has(key) || name === "sizeLimit" ? (quantity(value) ?? value) : stored(value, name);
}

/** Maps from text to text: every value counts, even an empty one. */
const TEXTS = new Set([
  "labels",
  "annotations",
  "matchLabels",
  "nodeSelector",
  "parameters",
  "volumeAttributes",
  "options",
]);

const AMOUNTS = new Set(["requests", "limits", "capacity", "overhead", "podFixed"]);

/** Fields whose empty text, zero or `false` differs from an absent field. */
const POINTERS = new Set([
  "activeDeadlineSeconds",
  "allowPrivilegeEscalation",
  "attachRequired",
  "automountServiceAccountToken",
  "backoffLimitPerIndex",
  "completions",
  "defaultMode",
  "enableServiceLinks",
  "expirationSeconds",
  "fsGroup",
  "hostProcess",
  "hostUsers",
  "immutable",
  "localhostProfile",
  "maxFailedIndexes",
  "minDomains",
  "mode",
  "optional",
  "parallelism",
  "priority",
  "privileged",
  "readOnlyRootFilesystem",
  "runAsGroup",
  "runAsNonRoot",
  "runAsUser",
  "runtimeClassName",
  "setHostnameAsFQDN",
  "shareProcessNamespace",
  "storageClassName",
  "terminationGracePeriodSeconds",
  "tolerationSeconds",
  "volumeAttributesClassName",
]);

/** Fields whose empty map differs from an absent field. */
const POINTERS_TO_STRUCTS = new Set([
  "affinity",
  "capabilities",
  "dnsConfig",
  "emptyDir",
  "labelSelector",
  "lifecycle",
  "namespaceSelector",
  "nodeAffinity",
  "podAffinity",
  "podAntiAffinity",
  "securityContext",
  "seLinuxOptions",
  "windowsOptions",
]);
