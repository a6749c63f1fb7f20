// Pods without a controller: nearly all of their spec is immutable (k8s.io/kubernetes
// pkg/apis/core/validation/validation.go ValidatePodUpdate; defaults in pkg/apis/core/v1/defaults.go SetDefaults_Pod).

import { podSpecWithDefaults } from "../../manifests/api-server/pod-defaults.ts";
import { isTree, listAt, same, treeAt, type ValueTree } from "../../manifests/tree.ts";
import type { ContentPair, RefusedChange } from "./refused-change.ts";

export function podChanges({ before, after }: ContentPair): readonly RefusedChange[] {
  const [old, now] = [podSpec(before), podSpec(after)];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted();
  return fields
    .filter((field) => !same(old[field], now[field]) && !isFree(field, old, now))
    .map((field) => ({ field: `spec.${field}` }));
}

function podSpec(content: ValueTree): ValueTree {
  const spec = podSpecWithDefaults(treeAt(content, "spec"));
  const host = spec["hostNetwork"] === true;
  return {
    enableServiceLinks: true,
    ...spec,
    containers: listAt(spec, "containers").map((container) => withoutImage(container, host)),
    initContainers: listAt(spec, "initContainers").map((container) => withoutImage(container, host)),
  };
}

/**
 * The image may change. The default of `imagePullPolicy` depends on it and was set when the pod was created, so both
 * are ignored.
 */
function withoutImage(container: unknown, host: boolean): unknown {
  if (!isTree(container)) return container;
  const { image: _free, imagePullPolicy: _decided, ...rest } = container;
  const { limits } = treeAt(rest, "resources");
  const requests = { ...(isTree(limits) ? limits : {}), ...treeAt(rest, "resources", "requests") };
  const ports = listAt(rest, "ports").map((port) =>
    host && isTree(port) ? { hostPort: port["containerPort"], ...port } : port,
  );
  return { ...rest, resources: { ...treeAt(rest, "resources"), requests }, ports };
}

/** Allowed: a deadline that is set or lowered, tolerations that are added, scheduling gates that are removed. */
function isFree(field: string, old: ValueTree, now: ValueTree): boolean {
  switch (field) {
    case "activeDeadlineSeconds":
      return isNearer(old[field], now[field]);
    case "tolerations":
      return includesAll(now, old, field);
    case "schedulingGates":
      return includesAll(old, now, field);
    default:
      return false;
  }
}

function isNearer(old: unknown, now: unknown): boolean {
  return typeof now === "number" && (typeof old !== "number" || now <= old);
}

function includesAll(larger: ValueTree, smaller: ValueTree, field: string): boolean {
  const known = listAt(larger, field).map(withoutSeconds);
  return listAt(smaller, field).every((item) => known.some((other) => same(other, withoutSeconds(item))));
}

function withoutSeconds(toleration: unknown): unknown {
  if (!isTree(toleration)) return toleration;
  const { tolerationSeconds: _free, ...rest } = toleration;
  return rest;
}
