// Lowered replica counts of workloads, autoscalers and disruption budgets.

import { identityOf } from "../../manifests/identity.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { type TreePath, valueAt } from "../../manifests/tree.ts";
import type { Risk } from "../risk.ts";
import type { RenderedManifests } from "../rule.ts";
import { autoscaled, isScaled, replicasOf } from "./scaling.ts";

export function replicaRisks({ before, after }: RenderedManifests): readonly Risk[] {
  const known = new Map(before.map((manifest) => [identityOf(manifest), manifest]));
  const scaled = autoscaled(after);
  return after.flatMap((now) => {
    const old = known.get(identityOf(now));
    if (old === undefined) return [];
    return [...loweredCounts(old, now), ...(scaled.has(identityOf(now)) ? [] : noLongerStated(old, now))];
  });
}

const COUNTS: readonly TreePath[] = [
  ["spec", "replicas"],
  ["spec", "minReplicas"],
  ["spec", "maxReplicas"],
  ["spec", "minAvailable"],
];

function loweredCounts(before: Manifest, after: Manifest): readonly Risk[] {
  return COUNTS.flatMap((path) => {
    const [old, now] = [valueAt(before.content, path), valueAt(after.content, path)];
    if (typeof old !== "number" || typeof now !== "number" || now >= old) return [];
    const text = `${resourceName(after)} lowers \`${path.at(-1)}\` from ${old} to ${now}`;
    return [{ level: now === 0 ? "danger" : "warning", text } as const];
  });
}

/** Without `replicas` Kubernetes defaults to one, unless an autoscaler sets it. */
function noLongerStated(before: Manifest, after: Manifest): readonly Risk[] {
  const old = replicasOf(before);
  if (!isScaled(after) || old === undefined || old <= 1) return [];
  if (valueAt(after.content, ["spec", "replicas"]) !== undefined) return [];
  const text = `${resourceName(after)} no longer states \`replicas\` (${old} before): where nothing else scales it, Kubernetes takes 1`;
  return [{ level: "warning", text }];
}
