// StatefulSets: all of the spec but what the API server lists as free (k8s.io/kubernetes
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

/** Labels and annotations of a claim template count too, though they reach no claim that is there already. */
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

/** Free since v1.33. */
function revisionHistory(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const field = fixedFields([["spec", "revisionHistoryLimit"], 10]);
  const unless = "the cluster runs Kubernetes 1.33 or newer";
  return field({ before, after }).map((change) => ({ ...change, unless }));
}

/**
 * Of a strategy that was left out `rollingUpdate` was filled in, and stays beside `OnDelete`
 * (validateStatefulSetUpdateStrategy).
 */
function updateStrategy(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const [old, now] = [treeAt(before, "spec", "updateStrategy"), treeAt(after, "spec", "updateStrategy")];
  const filledIn = old["type"] === undefined && old["rollingUpdate"] === undefined;
  const stays = now["type"] === "OnDelete" && now["rollingUpdate"] === undefined;
  return filledIn && stays ? [{ field: "spec.updateStrategy" }] : [];
}
