// Which resources came, went or changed between two renderings.

import type { Manifest } from "./manifests.ts";
import { isTree, same, type Tree } from "./tree.ts";

export type ResourceChange =
  | { readonly kind: "removed"; readonly before: Manifest }
  | { readonly kind: "changed"; readonly before: Manifest; readonly after: Manifest }
  /** Nothing but the labels that carry the chart's version: not worth a diff. */
  | { readonly kind: "relabelled"; readonly before: Manifest; readonly after: Manifest }
  | { readonly kind: "added"; readonly after: Manifest };

/** Removed first, then changed, added and relabelled, each in the order that Helm prints. */
export function compareManifests(
  before: readonly Manifest[],
  after: readonly Manifest[],
): readonly ResourceChange[] {
  const pairs = pairUp(before, after);
  const kept = new Set(pairs.values());
  const removed = before.filter((manifest) => !kept.has(manifest));
  const changes: readonly ResourceChange[] = [
    ...removed.map((manifest): ResourceChange => ({ kind: "removed", before: manifest })),
    ...[...pairs].flatMap(([now, old]) => changeOf(old, now)),
    ...after
      .filter((manifest) => !pairs.has(manifest))
      .map((manifest): ResourceChange => ({ kind: "added", after: manifest })),
  ];
  const order = ["removed", "changed", "added", "relabelled"];
  return changes.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

/** The new manifest with the old one it takes the place of: the same identity, or the same but for its API version. */
function pairUp(before: readonly Manifest[], after: readonly Manifest[]): ReadonlyMap<Manifest, Manifest> {
  const pairs = new Map<Manifest, Manifest>();
  const free = new Set(before);
  for (const identity of [exactly, whateverVersion]) {
    const waiting = Map.groupBy(free, identity);
    for (const manifest of after) {
      const match = pairs.has(manifest) ? undefined : waiting.get(identity(manifest))?.shift();
      if (match === undefined) continue;
      pairs.set(manifest, match);
      free.delete(match);
    }
  }
  return pairs;
}

function exactly({ apiVersion, kind, namespace, name }: Manifest): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

function whateverVersion({ kind, namespace, name }: Manifest): string {
  return JSON.stringify([kind, namespace, name]);
}

function changeOf(before: Manifest, after: Manifest): readonly ResourceChange[] {
  if (same(before.content, after.content)) return [];
  const kind = same(withoutVersionLabels(before.content), withoutVersionLabels(after.content))
    ? "relabelled"
    : "changed";
  return [{ kind, before, after }];
}

const VERSION_LABELS = new Set(["helm.sh/chart", "app.kubernetes.io/version", "chart"]);

/** Wherever labels stand: the resource itself, pod templates, volume claim templates; never in a selector. */
export function withoutVersionLabels(tree: Tree): Tree {
  const entries = Object.entries(tree).map(([key, value]) => [
    key,
    key === "labels" && isTree(value) ? unversioned(value) : within(value),
  ]);
  return Object.fromEntries(entries);
}

function within(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(within);
  return isTree(value) ? withoutVersionLabels(value) : value;
}

function unversioned(labels: Tree): Tree {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !VERSION_LABELS.has(name)));
}
