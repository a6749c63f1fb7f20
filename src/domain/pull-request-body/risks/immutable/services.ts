// Services: the addresses that they were allocated (k8s.io/kubernetes pkg/apis/core/validation/validation.go
// ValidateServiceUpdate; an update keeps allocated values that it omits: pkg/registry/core/service/storage/storage.go
// patchAllocatedValues).

import { listAt, same, textAt, treeAt, type ValueTree, valueAt } from "../../manifests/tree.ts";
import { allOf, type ContentPair, type RefusedChange, type RefusedChanges } from "./refused-change.ts";

export const serviceChanges: RefusedChanges = allOf(
  (pair) => (hasAddresses(pair) ? [...clusterIps(pair), ...ipFamilies(pair)] : []),
  (pair) => loadBalancerClass(pair),
  (pair) => healthCheckNodePort(pair),
);

/** A service of type ExternalName has no cluster addresses. */
function hasAddresses({ before, after }: ContentPair): boolean {
  return typeOf(before) !== "ExternalName" && typeOf(after) !== "ExternalName";
}

function typeOf(content: ValueTree): string {
  return textAt(content, "spec", "type") || "ClusterIP";
}

function addressesOf(content: ValueTree): readonly unknown[] {
  const list = listAt(content, "spec", "clusterIPs");
  const first = textAt(content, "spec", "clusterIP");
  return list.length > 0 ? list : first === "" ? [] : [first];
}

const HEADLESS = "None";

/**
 * validateUpgradeDowngradeClusterIPs: the first address is immutable; the second may be removed only with
 * `SingleStack`.
 */
function clusterIps({ before, after }: ContentPair): readonly RefusedChange[] {
  const [old, now] = [addressesOf(before), addressesOf(after)];
  const field = "spec.clusterIP";
  if (now.length === 0 || same(old, now)) return [];
  if (old.length === 0)
    return now[0] === HEADLESS ? [{ field }] : [{ field, unless: "it is the address that the service has" }];
  if (old[0] !== now[0]) return [{ field }];
  if (now.length < old.length) return isSingleStack(after) ? [] : [{ field: "spec.clusterIPs" }];
  return old[1] === undefined ? [] : [{ field: "spec.clusterIPs" }];
}

function isSingleStack(content: ValueTree): boolean {
  return textAt(content, "spec", "ipFamilyPolicy") === "SingleStack";
}

/** validateUpgradeDowngradeIPFamilies: same rules as for the addresses; not for headless services. */
function ipFamilies({ before, after }: ContentPair): readonly RefusedChange[] {
  if (addressesOf(before)[0] === HEADLESS || addressesOf(after)[0] === HEADLESS) return [];
  const [old, now] = [listAt(before, "spec", "ipFamilies"), listAt(after, "spec", "ipFamilies")];
  const field = "spec.ipFamilies";
  if (now.length === 0 || same(old, now)) return [];
  if (old.length === 0) return [{ field, unless: "they are the families that the service has" }];
  if (old[0] !== now[0]) return [{ field }];
  if (now.length < old.length) return isSingleStack(after) ? [] : [{ field }];
  return old[1] === undefined ? [] : [{ field }];
}

/** validateLoadBalancerClassField. */
function loadBalancerClass({ before, after }: ContentPair): readonly RefusedChange[] {
  if (typeOf(before) !== "LoadBalancer" || typeOf(after) !== "LoadBalancer") return [];
  const path = ["spec", "loadBalancerClass"];
  return same(valueAt(before, path), valueAt(after, path)) ? [] : [{ field: path.join(".") }];
}

/** validateServiceExternalTrafficFieldsUpdate. */
function healthCheckNodePort({ before, after }: ContentPair): readonly RefusedChange[] {
  if (!needsHealthCheck(before) || !needsHealthCheck(after)) return [];
  const [old, now] = [treeAt(before, "spec"), treeAt(after, "spec")].map(
    (spec) => spec["healthCheckNodePort"] ?? 0,
  );
  const field = "spec.healthCheckNodePort";
  if (now === 0 || old === now) return [];
  return old === 0 ? [{ field, unless: "it is the port that the service has" }] : [{ field }];
}

function needsHealthCheck(content: ValueTree): boolean {
  return typeOf(content) === "LoadBalancer" && textAt(content, "spec", "externalTrafficPolicy") === "Local";
}
