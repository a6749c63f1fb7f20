// Which resources were added, removed or changed between two renderings.

import { comparable, mask } from "./chance.ts";
import { identityOf } from "./identity.ts";
import type { Manifest } from "./manifests.ts";
import { isTree, same, type ValueTree } from "./tree.ts";

export type ResourceChange =
  | { readonly kind: "removed"; readonly before: Manifest }
  | { readonly kind: "changed"; readonly before: Manifest; readonly after: Manifest }
  /** Only labels with the chart's version changed: no diff. */
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
    ...removed.map((manifest): ResourceChange => ({ kind: "removed", before: alone(manifest) })),
    ...[...pairs].flatMap(([now, old]) => changeOf(old, now)),
    ...after
      .filter((manifest) => !pairs.has(manifest))
      .map((manifest): ResourceChange => ({ kind: "added", after: alone(manifest) })),
  ];
  const order = ["removed", "changed", "added", "relabelled"];
  return changes.toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind));
}

/**
 * Pairs each new manifest with the old one that it replaces: the same identity, or the same except for its API version.
 */
function pairUp(before: readonly Manifest[], after: readonly Manifest[]): ReadonlyMap<Manifest, Manifest> {
  const pairs = new Map<Manifest, Manifest>();
  const free = new Set(before);
  for (const identity of [exactly, identityOf]) {
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

function changeOf(old: Manifest, now: Manifest): readonly ResourceChange[] {
  const [before, after] = withoutChance(old, now);
  if (same(before.content, after.content)) return [];
  const kind = same(withoutVersionLabels(before.content), withoutVersionLabels(after.content))
    ? "relabelled"
    : "changed";
  return [{ kind, before, after }];
}

/** Differences between renderings of the same version do not count as differences between versions. */
function withoutChance(before: Manifest, after: Manifest): readonly [before: Manifest, after: Manifest] {
  if (before.second === undefined && after.second === undefined) return [before, after];
  const [old, now] = comparable(
    [before.content, before.second ?? before.content],
    [after.content, after.second ?? after.content],
  );
  return [withContent(before, old), withContent(after, now)];
}

/** An added or removed one: its non-deterministic parts are masked. */
function alone(manifest: Manifest): Manifest {
  return manifest.second === undefined
    ? manifest
    : withContent(manifest, mask([manifest.content, manifest.second]).value);
}

function withContent({ second: _second, ...manifest }: Manifest, content: unknown): Manifest {
  return { ...manifest, content: isTree(content) ? content : manifest.content };
}

const VERSION_LABELS = new Set(["helm.sh/chart", "app.kubernetes.io/version", "chart"]);

/** In the labels of the resource itself, of pod templates and of volume claim templates; never in a selector. */
export function withoutVersionLabels(tree: ValueTree): ValueTree {
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

function unversioned(labels: ValueTree): ValueTree {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !VERSION_LABELS.has(name)));
}
