// The pod template of a workload.

import { groupKind } from "../group-kind.ts";
import type { Manifest } from "../manifests.ts";
import { isTree, listAt, type TreePath, treeAt, type ValueTree } from "../tree.ts";

const TEMPLATE_AT: ReadonlyMap<string, TreePath> = new Map(
  Object.entries({
    "Deployment.apps": ["spec", "template"],
    "StatefulSet.apps": ["spec", "template"],
    "DaemonSet.apps": ["spec", "template"],
    "ReplicaSet.apps": ["spec", "template"],
    ReplicationController: ["spec", "template"],
    "Job.batch": ["spec", "template"],
    "CronJob.batch": ["spec", "jobTemplate", "spec", "template"],
    "Rollout.argoproj.io": ["spec", "template"],
    Pod: [],
  }),
);

/** `metadata` and `spec` of its pods (for a Pod, its own); `undefined` for anything without pods. */
export function podTemplateOf(manifest: Manifest): ValueTree | undefined {
  const path = TEMPLATE_AT.get(groupKind(manifest));
  return path === undefined ? undefined : treeAt(manifest.content, ...path);
}

/** `spec` of its pods; an empty tree for anything without pods. */
export function podSpecOf(manifest: Manifest): ValueTree {
  return treeAt(podTemplateOf(manifest), "spec");
}

/** Init containers, then containers. */
export function containersOf(manifest: Manifest): readonly ValueTree[] {
  const pod = podSpecOf(manifest);
  return [...listAt(pod, "initContainers"), ...listAt(pod, "containers")].filter(isTree);
}
