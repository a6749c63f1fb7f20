// Pairs each container of a workload with the one that it replaces.

import type { Manifest } from "../../manifests/manifests.ts";
import { podSpecOf } from "../../manifests/pod/pod-template.ts";
import { isTree, listAt, textAt, type ValueTree } from "../../manifests/tree.ts";

export interface ContainerPair {
  readonly name: string;
  /** Absent for a new container. */
  readonly before: ValueTree | undefined;
  readonly after: ValueTree;
}

/** Paired by name. The only container of a pod replaces the only one before, whatever its name. */
export function containerPairs(before: Manifest | undefined, after: Manifest): readonly ContainerPair[] {
  return ["initContainers", "containers"].flatMap((kind) => {
    const old = before === undefined ? [] : containersIn(before, kind);
    const now = containersIn(after, kind);
    const byName = new Map(old.map((container) => [textAt(container, "name"), container]));
    const only = old.length === 1 && now.length === 1 ? old[0] : undefined;
    return now.map((container) => {
      const name = textAt(container, "name");
      return { name, before: byName.get(name) ?? only, after: container };
    });
  });
}

function containersIn(manifest: Manifest, kind: string): readonly ValueTree[] {
  return listAt(podSpecOf(manifest), kind).filter(isTree);
}
