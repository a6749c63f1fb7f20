// Lowered replica counts, disruption budgets that allow no eviction, and tokens that are now mounted.

import type { Resource, Side } from "../side.ts";
import { at, list, text, tree } from "../tree.ts";
import { type Facts, may, must, together } from "./facts.ts";
import { podOf } from "./pods.ts";

const SCALED = /^(?:Deployment|StatefulSet|ReplicaSet|Rollout)$/;

export function scaleFacts(old: Side, now: Side): Facts {
  const pairs = now.resources.flatMap((is) => {
    const was = old.resources.find(({ title }) => title === is.title);
    return was ? [{ was, is }] : [];
  });
  return together(
    ...pairs.map(({ was, is }) => fewer(was, is)),
    ...pairs.map(({ was, is }) => unstated(was, is, now)),
    ...pairs.map(({ was, is }) => token({ was, is }, old, now)),
    blocked(old, now),
  );
}

function fewer({ content: was }: Resource, { title, content: is }: Resource): Facts {
  const counts = ["replicas", "minReplicas", "maxReplicas", "minAvailable"].flatMap((field) => {
    const [before, after] = [at(was, "spec", field), at(is, "spec", field)];
    const fell = typeof before === "number" && typeof after === "number" && after < before;
    return fell ? [`fewer: ${title} ${field} ${before} → ${after}`] : [];
  });
  return must(...counts);
}

function unstated(was: Resource, is: Resource, side: Side): Facts {
  const before = at(was.content, "spec", "replicas");
  const gone =
    SCALED.test(is.kind) &&
    typeof before === "number" &&
    before > 1 &&
    at(is.content, "spec", "replicas") === undefined;
  const scaled = side.resources.some(
    ({ kind, content }) =>
      /^(?:HorizontalPodAutoscaler|ScaledObject)$/.test(kind) &&
      text(content, "spec", "scaleTargetRef", "name") === is.name,
  );
  return gone && !scaled ? must(`fewer: ${is.title} no longer states replicas ${before}`) : together();
}

function automount(resource: Resource, { resources }: Side): unknown {
  const pod = podOf(resource);
  const account = resources.find(
    ({ kind, name, namespace }) =>
      kind === "ServiceAccount" &&
      name === text(pod, "serviceAccountName") &&
      namespace === resource.namespace,
  );
  return pod["automountServiceAccountToken"] ?? at(account?.content, "automountServiceAccountToken");
}

function token({ was, is }: { readonly was: Resource; readonly is: Resource }, old: Side, now: Side): Facts {
  const isPod = Object.keys(podOf(is)).length > 0 && Object.keys(podOf(was)).length > 0;
  return isPod && automount(was, old) === false && automount(is, now) !== false
    ? must(`token: ${is.title}`)
    : together();
}

function blocked(old: Side, now: Side): Facts {
  const known = blocking(old);
  const found = blocking(now).filter((one) => !known.includes(one));
  return together(must(...found), may(...blocking(now)));
}

function blocking({ resources }: Side): readonly string[] {
  const budgets = resources.filter(({ kind }) => kind === "PodDisruptionBudget");
  return budgets.flatMap((budget) => {
    const { minAvailable, maxUnavailable } = tree(budget.content, "spec");
    if (maxUnavailable === 0 || maxUnavailable === "0%" || minAvailable === "100%")
      return [`blocks: ${budget.title}`];
    return resources
      .filter((workload) => SCALED.test(workload.kind) && selected(budget, workload))
      .filter((workload) => goes(budget, podsOf(workload, resources)) <= 0)
      .map((workload) => `blocks: ${budget.title} ${workload.title}`);
  });
}

function selected(budget: Resource, workload: Resource): boolean {
  const selector = tree(budget.content, "spec", "selector", "matchLabels");
  const labels = tree(workload.content, "spec", "template", "metadata", "labels");
  const plain = list(budget.content, "spec", "selector", "matchExpressions").length === 0;
  return (
    plain &&
    budget.namespace === workload.namespace &&
    Object.entries(selector).every(([key, value]) => labels[key] === value)
  );
}

/** `Infinity` for zero pods: a budget blocks nothing then. */
function podsOf(workload: Resource, resources: readonly Resource[]): number {
  const scaler = resources.find(
    ({ kind, content }) =>
      kind === "HorizontalPodAutoscaler" && text(content, "spec", "scaleTargetRef", "name") === workload.name,
  );
  const stated = scaler
    ? (at(scaler.content, "spec", "minReplicas") ?? 1)
    : (at(workload.content, "spec", "replicas") ?? 1);
  return typeof stated === "number" && stated > 0 ? stated : Number.POSITIVE_INFINITY;
}

function goes({ content }: Resource, pods: number): number {
  const { minAvailable, maxUnavailable } = tree(content, "spec");
  const count = (stated: unknown): number =>
    typeof stated === "number" ? stated : Math.ceil((Number.parseInt(String(stated), 10) * pods) / 100);
  if (maxUnavailable !== undefined) return count(maxUnavailable);
  return minAvailable === undefined ? pods : pods - count(minAvailable);
}
