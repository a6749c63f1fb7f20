// The section that shows what changes in the cluster, resource by resource.

import type { ResourceChange } from "./compare-manifests.ts";
import { renderChange } from "./resource-diff.ts";
import type { Section } from "./section.ts";
import { BODY_LIMIT } from "./size.ts";
import { same, type Tree, treeAt } from "./tree.ts";

type Relabelled = Extract<ResourceChange, { kind: "relabelled" }>;

const SECTION = { title: "Rendered manifests", unit: "resources", join: "\n\n" } as const;

export function changedResources(changes: readonly ResourceChange[]): Section {
  if (changes.length === 0) {
    return {
      ...SECTION,
      shown: "open",
      lead: "Nothing changes in the cluster: both versions render the same.",
      items: [],
    };
  }
  const relabelled = changes.filter((change) => change.kind === "relabelled");
  const shown = changes.filter((change) => change.kind !== "relabelled");
  const labels = relabelled.length === 0 ? [] : [`${relabelled.length} with nothing but new version labels`];
  const compared = relabelled.length > 0 || shown.some(({ kind }) => kind === "changed");
  return {
    ...SECTION,
    shown: "folded",
    summary: [...counts(changes), ...labels].join(", "),
    ...(compared && { lead: leftOut(relabelled) }),
    ...untilFull(shown.map((change) => () => renderChange(change))),
  };
}

function counts(changes: readonly ResourceChange[]): readonly string[] {
  const kinds = ["removed", "changed", "added"] as const;
  const counted = kinds.map((kind) => ({
    kind,
    count: changes.filter((change) => change.kind === kind).length,
  }));
  return counted.filter(({ count }) => count > 0).map(({ kind, count }) => `${count} ${kind}`);
}

/** What could not be shown anyway is not made: diffs are the costliest part of the text. */
function untilFull(items: readonly (() => string)[]): Pick<Section, "items" | "cut"> {
  const made: string[] = [];
  for (let length = 0; made.length < items.length && length < BODY_LIMIT; ) {
    const item = items[made.length]?.() ?? "";
    length += item.length;
    made.push(item);
  }
  return { items: made, cut: items.length - made.length };
}

/** Labels of a pod template are part of it: changing them starts the pods anew. */
function leftOut(relabelled: readonly Relabelled[]): string {
  const restarts = relabelled.filter(
    ({ before, after }) => !same(podLabels(before.content), podLabels(after.content)),
  ).length;
  const noun = relabelled.length === 1 ? "resource" : "resources";
  const resources =
    relabelled.length === 0 ? "" : ` and ${relabelled.length} ${noun} in which nothing else changes`;
  const pods = restarts === 0 ? "" : ` Pods of ${restarts === 1 ? "one" : restarts} of them restart.`;
  return `Left out: labels that carry the chart's version${resources}.${pods}`;
}

function podLabels(content: Tree): Tree {
  return treeAt(content, "spec", "template", "metadata");
}
