// Disruption budgets that allow no eviction: nodes with such a pod cannot be drained
// (https://kubernetes.io/docs/tasks/run-application/configure-pdb/; k8s.io/kubernetes
// pkg/controller/disruption/disruption.go).

import { groupKind } from "../../manifests/group-kind.ts";
import { identityOf } from "../../manifests/identity.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { podTemplateOf } from "../../manifests/pod/pod-template.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { selects } from "../../manifests/selector.ts";
import { treeAt, valueAt } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";
import type { RenderedManifests } from "../rule.ts";
import { autoscaled, isScaled, replicasOf } from "./scaling.ts";

/** Budgets that block evictions now and did not before. */
export function disruptionRisks({ before, after }: RenderedManifests): readonly Risk[] {
  const known = new Set(blocking(before).map(({ key }) => key));
  return blocking(after)
    .filter(({ key }) => !known.has(key))
    .map(({ text }) => ({ level: "warning", text }));
}

interface Blocking {
  readonly key: string;
  readonly text: string;
}

function blocking(manifests: readonly Manifest[]): readonly Blocking[] {
  const budgets = manifests.filter((manifest) => groupKind(manifest) === "PodDisruptionBudget.policy");
  if (budgets.length === 0) return [];
  const workloads = countedWorkloads(manifests);
  return budgets
    .slice(0, MOST_BUDGETS)
    .flatMap((budget) => (neverLetsGo(budget) ? [always(budget)] : blockedBy(budget, workloads)));
}

/** Whether it allows no eviction however many pods there are. */
function neverLetsGo({ content }: Manifest): boolean {
  const { minAvailable, maxUnavailable } = treeAt(content, "spec");
  return maxUnavailable === 0 || maxUnavailable === "0%" || minAvailable === "100%";
}

function always(budget: Manifest): Blocking {
  return {
    key: identityOf(budget),
    text: `${resourceName(budget)} (${words(budget)}) never lets a pod go: the nodes of its pods cannot be drained`,
  };
}

function blockedBy(budget: Manifest, workloads: readonly Counted[]): readonly Blocking[] {
  return workloads
    .filter(({ manifest, pods }) => isHeldBy(manifest, budget) && letsGo(budget, pods) <= 0)
    .map(({ manifest, pods }) => ({
      key: identityOf(budget) + identityOf(manifest),
      text: `${resourceName(budget)} (${words(budget)}) lets no pod of ${resourceName(manifest)} go while it has ${pods === 1 ? "one" : pods}: their nodes cannot be drained`,
    }));
}

const MOST_BUDGETS = 200;

interface Counted {
  readonly manifest: Manifest;
  /** Minimum number of pods. */
  readonly pods: number;
}

function countedWorkloads(manifests: readonly Manifest[]): readonly Counted[] {
  const scaled = autoscaled(manifests);
  return manifests.filter(isScaled).flatMap((manifest) => {
    const key = identityOf(manifest);
    // Default of `spec.replicas`.
    const stated = replicasOf(manifest) ?? 1;
    const pods = scaled.has(key) ? scaled.get(key) : stated;
    return pods === undefined || pods === 0 ? [] : [{ manifest, pods }];
  });
}

function isHeldBy(workload: Manifest, budget: Manifest): boolean {
  const labels = treeAt(podTemplateOf(workload), "metadata", "labels");
  return (
    workload.namespace === budget.namespace && selects(treeAt(budget.content, "spec", "selector"), labels)
  );
}

/** How many of this many pods may be evicted at once. Percentages are rounded up, as in the controller. */
function letsGo({ content }: Manifest, pods: number): number {
  const { minAvailable, maxUnavailable } = treeAt(content, "spec");
  if (maxUnavailable !== undefined) return numberOf(maxUnavailable, pods) ?? pods;
  const least = numberOf(minAvailable, pods);
  return least === undefined ? pods : pods - least;
}

function numberOf(stated: unknown, pods: number): number | undefined {
  if (typeof stated === "number") return stated;
  const percent = typeof stated === "string" ? /^(\d{1,3})%$/.exec(stated) : null;
  return percent === null ? undefined : Math.ceil((Number(percent[1]) * pods) / 100);
}

function words({ content }: Manifest): string {
  const field =
    valueAt(content, ["spec", "maxUnavailable"]) === undefined ? "minAvailable" : "maxUnavailable";
  return code(clip(`${field}: ${String(valueAt(content, ["spec", field]))}`, 60));
}
