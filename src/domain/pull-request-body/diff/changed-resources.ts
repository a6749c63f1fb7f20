// The section that shows what changes in the cluster, resource by resource.

import type { ResourceChange } from "../manifests/compare-manifests.ts";
import type { Manifest } from "../manifests/manifests.ts";
import { resourceNames } from "../manifests/resource-name.ts";
import type { Section } from "../markdown/section.ts";
import { BODY_LIMIT } from "../markdown/size.ts";
import { classOf, inReadingOrder } from "./reading-order.ts";
import { renderChange, type ShownChange } from "./resource-diff.ts";

export interface ChangeCounts {
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  /** Resources in which only labels with the chart's version change. */
  readonly relabelled: number;
}

export function countChanges(changes: readonly ResourceChange[]): ChangeCounts {
  const count = (kind: ResourceChange["kind"]): number =>
    changes.filter((change) => change.kind === kind).length;
  return {
    changed: count("changed"),
    added: count("added"),
    removed: count("removed"),
    relabelled: count("relabelled"),
  };
}

/** "1 removed, 3 changed, 2 with nothing but new version labels"; empty when there are none. */
export function countsInWords({ removed, changed, added, relabelled }: ChangeCounts): string {
  const counts: readonly (readonly [number, string])[] = [
    [removed, "removed"],
    [changed, "changed"],
    [added, "added"],
    [relabelled, "with nothing but new version labels"],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(", ");
}

/** `undefined` when nothing changes. */
export function changedResources(changes: readonly ResourceChange[]): Section | undefined {
  if (changes.length === 0) return undefined;
  const relabelled = changes.filter(({ kind }) => kind === "relabelled").length;
  const shown = inReadingOrder(changes.filter((change) => change.kind !== "relabelled"));
  const compared = relabelled > 0 || shown.some(({ kind }) => kind === "changed");
  return {
    title: "Rendered manifests",
    shown: "folded",
    summary: countsInWords(countChanges(changes)),
    ...(compared && { lead: leftOut(relabelled) }),
    ...untilFull(shown),
    nameCut: (cut) => namesOf(shown.slice(shown.length - cut)),
    unit: "resources",
    join: "\n\n",
  };
}

/** Maximum characters of definitions that are shown: they are long and say little about what runs. */
const DEFINITIONS_SHOWN = 4_000;

/** Stops when the section is full: diffs are the costliest part of the text. */
function untilFull(changes: readonly ShownChange[]): Pick<Section, "items" | "cut"> {
  const made: string[] = [];
  let [all, definitions] = [0, 0];
  for (const change of changes) {
    if (all >= BODY_LIMIT || definitions >= DEFINITIONS_SHOWN) break;
    const item = renderChange(change);
    all += item.length;
    if (classOf(change) === "definition") definitions += item.length;
    made.push(item);
  }
  return { items: made, cut: changes.length - made.length };
}

const KINDS = ["removed", "changed", "added"] as const;

/** Maximum characters of names: enough for some hundreds of resources. */
const NAMES_SHOWN = 24_000;

/** "- Changed: `Deployment` `web`, `api`; `Role` `web`." for each kind of change. */
export function namesOf(changes: readonly ShownChange[]): string {
  let left = NAMES_SHOWN;
  const lines = KINDS.flatMap((kind) => {
    const manifests = changes.filter((change) => change.kind === kind).map(manifestOf);
    if (manifests.length === 0) return [];
    const names = resourceNames(manifests, { length: left });
    left -= names.length;
    return [`- ${kind.charAt(0).toUpperCase()}${kind.slice(1)}: ${names}.`];
  });
  return lines.join("\n");
}

function manifestOf(change: ShownChange): Manifest {
  return change.kind === "removed" ? change.before : change.after;
}

function leftOut(relabelled: number): string {
  const noun = relabelled === 1 ? "resource" : "resources";
  const resources = relabelled === 0 ? "" : ` and ${relabelled} ${noun} in which nothing else changes`;
  return `Left out: labels that carry the chart's version${resources}.`;
}
