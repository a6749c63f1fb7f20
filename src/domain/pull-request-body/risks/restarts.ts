// Which pods the upgrade replaces, and how.

import { podTemplateWithDefaults } from "../manifests/api-server/pod-defaults.ts";
import type { ResourceChange } from "../manifests/compare-manifests.ts";
import { groupKind } from "../manifests/group-kind.ts";
import type { Manifest } from "../manifests/manifests.ts";
import { podTemplateOf } from "../manifests/pod/pod-template.ts";
import { same, textAt, type ValueTree, valueAt } from "../manifests/tree.ts";

export interface Restart {
  readonly workload: Manifest;
  /**
   * `rolling`: a few at a time; `at once`: all stop before new ones start; `by hand`: only pods that somebody deletes.
   */
  readonly how: "rolling" | "at once" | "by hand";
}

/** Workloads whose controller replaces pods when their template changes, in the order of the changes. */
export function restarts(changes: readonly ResourceChange[]): readonly Restart[] {
  return changes.flatMap((change) => {
    if (change.kind !== "changed" && change.kind !== "relabelled") return [];
    const { before, after } = change;
    if (!ROLLS.has(groupKind(after)) || valueAt(after.content, ["spec", "paused"]) === true) return [];
    if (same(storedTemplate(before), storedTemplate(after))) return [];
    return [{ workload: after, how: strategyOf(after) }];
  });
}

/** With defaults filled in: a default that is now written out does not restart pods. */
function storedTemplate(workload: Manifest): ValueTree {
  return podTemplateWithDefaults(podTemplateOf(workload) ?? {});
}

const ROLLS = new Set(["Deployment.apps", "StatefulSet.apps", "DaemonSet.apps", "Rollout.argoproj.io"]);

function strategyOf({ content }: Manifest): Restart["how"] {
  if (textAt(content, "spec", "strategy", "type") === "Recreate") return "at once";
  return textAt(content, "spec", "updateStrategy", "type") === "OnDelete" ? "by hand" : "rolling";
}
