// StatefulSets: all of the spec except the fields that the API server lists as mutable (k8s.io/kubernetes
// pkg/apis/apps/validation/validation.go ValidateStatefulSetUpdate).

import { claimWithDefaults } from "../../manifests/api-server/claim-defaults.ts";
import { storedAt } from "../../manifests/api-server/stored.ts";
import { listAt, same, treeAt, type ValueTree } from "../../manifests/tree.ts";
import { allOf, fixedFields, type RefusedChange, type RefusedChanges } from "./refused-change.ts";

export const statefulSetChanges: RefusedChanges = allOf(
  fixedFields(
    [["spec", "selector"]],
    [["spec", "serviceName"]],
    [["spec", "podManagementPolicy"], "OrderedReady"],
  ),
  ({ before, after }) => claimTemplates(before, after),
  ({ before, after }) => revisionHistory(before, after),
  ({ before, after }) => updateStrategy(before, after),
);

/** Labels and annotations of a claim template are compared too, although a change would not reach existing claims. */
function claimTemplates(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const [old, now] = [before, after].map((content) =>
    listAt(content, "spec", "volumeClaimTemplates").map(claimTemplate),
  );
  return same(old, now) ? [] : [{ field: "spec.volumeClaimTemplates" }];
}

function claimTemplate(template: unknown): ValueTree {
  const { creationTimestamp: _unset, ...metadata } = storedAt(treeAt(template, "metadata"));
  return { metadata, spec: claimWithDefaults(treeAt(template, "spec")) };
}

/** Mutable since v1.33. */
function revisionHistory(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const field = fixedFields([["spec", "revisionHistoryLimit"], 10]);
  const unless = "the cluster runs Kubernetes 1.33 or newer";
  return field({ before, after }).map((change) => ({ ...change, unless }));
}

/**
 * The API server defaults an omitted strategy with a `rollingUpdate`, which then stays next to `OnDelete`
 * (validateStatefulSetUpdateStrategy).
 */
function updateStrategy(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const [old, now] = [treeAt(before, "spec", "updateStrategy"), treeAt(after, "spec", "updateStrategy")];
  const filledIn = old["type"] === undefined && old["rollingUpdate"] === undefined;
  const stays = now["type"] === "OnDelete" && now["rollingUpdate"] === undefined;
  return filledIn && stays ? [{ field: "spec.updateStrategy" }] : [];
}
