// Deployments: the selector, and a strategy that keeps a defaulted field (k8s.io/kubernetes
// pkg/registry/apps/deployment/strategy.go ValidateUpdate, pkg/apis/apps/validation/validation.go
// ValidateDeploymentStrategy).

import { treeAt, type ValueTree } from "../../manifests/tree.ts";
import { allOf, fixedFields, type RefusedChange, type RefusedChanges } from "./refused-change.ts";

export const deploymentChanges: RefusedChanges = allOf(
  fixedFields([["spec", "selector"]]),
  ({ before, after }) => strategy(before, after),
);

/**
 * The API server defaults an omitted `rollingUpdate`. Server-side apply keeps it next to `Recreate`, which is invalid;
 * a client-side merge removes it.
 */
function strategy(before: ValueTree, after: ValueTree): readonly RefusedChange[] {
  const [old, now] = [treeAt(before, "spec", "strategy"), treeAt(after, "spec", "strategy")];
  const filledIn = old["type"] !== "Recreate" && Object.keys(treeAt(old, "rollingUpdate")).length === 0;
  const stays = now["type"] === "Recreate" && now["rollingUpdate"] === undefined;
  const unless = "Helm merges it on its own side, as Helm 3 does (`--server-side=false`)";
  return filledIn && stays ? [{ field: "spec.strategy", unless }] : [];
}
