// Jobs: what they run and how often (k8s.io/kubernetes pkg/apis/batch/validation/validation.go ValidateJobSpecUpdate;
// defaults in pkg/apis/batch/v1/defaults.go).

import { podTemplateWithDefaults } from "../../manifests/api-server/pod-defaults.ts";
import { isTree, listAt, same, treeAt, type ValueTree, valueAt } from "../../manifests/tree.ts";
import { allOf, fixedFields, type RefusedChange, type RefusedChanges } from "./refused-change.ts";

/** A job with `ttlSecondsAfterFinished` may be gone at the upgrade: then it is created anew, and nothing is refused. */
export const jobChanges: RefusedChanges = (pair) => {
  const deletesItself = typeof valueAt(pair.before, ["spec", "ttlSecondsAfterFinished"]) === "number";
  const unless = "it has finished and is gone (`ttlSecondsAfterFinished`)";
  return specChanges(pair).map((change) => (deletesItself ? { unless, ...change } : change));
};

const specChanges: RefusedChanges = allOf(
  ({ before, after }) => template(before, after),
  ({ before, after }) => completions(before, after),
  fixedFields(
    [["spec", "selector"]],
    [["spec", "completionMode"], "NonIndexed"],
    [["spec", "backoffLimitPerIndex"]],
    [["spec", "managedBy"]],
    [["spec", "successPolicy"]],
  ),
  ({ before, after }) =>
    same(failurePolicy(before), failurePolicy(after)) ? [] : [{ field: "spec.podFailurePolicy" }],
);

/** validatePodTemplateUpdate: the scheduling fields of a suspended job that never started may change. */
function template(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const [old, now] = [before, after].map((content) =>
    podTemplateWithDefaults(treeAt(content, "spec", "template")),
  );
  const change = { field: "spec.template" };
  if (same(old, now)) return [];
  const suspended = valueAt(before, ["spec", "suspend"]) === true;
  return suspended && same(unscheduled(old), unscheduled(now))
    ? [{ ...change, unless: "the job was never started" }]
    : [change];
}

const SCHEDULING = ["nodeSelector", "tolerations", "schedulingGates"];

function unscheduled(template: ValueTree = {}): ValueTree {
  const { affinity, ...spec } = treeAt(template, "spec");
  const { nodeAffinity: _free, ...others } = isTree(affinity) ? affinity : {};
  const kept = Object.entries({ ...spec, ...others }).filter(([field]) => !SCHEDULING.includes(field));
  return Object.fromEntries(kept);
}

/** validateCompletions: immutable, except for an Indexed job whose parallelism changes to the same number. */
function completions(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const [old, now] = [treeAt(before, "spec"), treeAt(after, "spec")];
  if (old["completions"] === undefined && now["completions"] === undefined) return [];
  // The API server defaults completions to 1 when both are omitted. Parallelism then stays as it is in the cluster.
  const had = old["completions"] ?? (old["parallelism"] === undefined ? 1 : undefined);
  const resets = old["parallelism"] !== undefined && now["parallelism"] === undefined;
  const has = now["completions"] ?? (resets ? 1 : undefined);
  const inTandem = now["completionMode"] === "Indexed" && has === (now["parallelism"] ?? 1);
  return had === has || inTandem ? [] : [{ field: "spec.completions" }];
}

function failurePolicy(content: ValueTree): readonly unknown[] {
  return listAt(content, "spec", "podFailurePolicy", "rules").map((rule) =>
    isTree(rule) ? { ...rule, onPodConditions: listAt(rule, "onPodConditions").map(condition) } : rule,
  );
}

function condition(pattern: unknown): unknown {
  return isTree(pattern) ? { status: "True", ...pattern } : pattern;
}
