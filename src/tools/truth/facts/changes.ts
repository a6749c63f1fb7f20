// Resources that were added, removed or changed, matched by kind, namespace and name only.

import type { Resource, Side } from "../side.ts";
import { equal, isTree } from "../tree.ts";
import { type Facts, must } from "./facts.ts";

export interface Change {
  readonly kind: "removed" | "added" | "changed" | "relabelled";
  readonly title: string;
  readonly old?: Resource;
  readonly now?: Resource;
}

export function changesBetween(old: readonly Resource[], now: readonly Resource[]): readonly Change[] {
  const left = [...old];
  const pairs = now.map((resource) => {
    const same = left.filter(({ title }) => title === resource.title);
    const twin = same.find(({ apiVersion }) => apiVersion === resource.apiVersion) ?? same[0];
    if (twin) left.splice(left.indexOf(twin), 1);
    return { now: resource, ...(twin && { old: twin }) };
  });
  return [
    ...left.map((resource): Change => ({ kind: "removed", title: resource.title, old: resource })),
    ...pairs.flatMap((pair) => changeOf(pair)),
  ];
}

function changeOf({ old, now }: { readonly old?: Resource; readonly now: Resource }): readonly Change[] {
  const { title } = now;
  if (old === undefined) return [{ kind: "added", title, now }];
  if (equal(old.content, now.content)) return [];
  const kind = equal(unversioned(old.content), unversioned(now.content)) ? "relabelled" : "changed";
  return [{ kind, title, old, now }];
}

const VERSION_LABELS = ["helm.sh/chart", "app.kubernetes.io/version", "chart"];

export function unversioned(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => unversioned(item));
  if (!isTree(value)) return value;
  const kept = Object.entries(value).filter(([name]) => key !== "labels" || !VERSION_LABELS.includes(name));
  return Object.fromEntries(kept.map(([name, child]) => [name, unversioned(child, name)]));
}

export function countFacts(changes: readonly Change[]): Facts {
  const kinds = ["removed", "changed", "added", "relabelled"] as const;
  const counts = kinds.map(
    (kind) => [kind, changes.filter((change) => change.kind === kind).length] as const,
  );
  const some = counts.filter(([, count]) => count > 0);
  return must(
    ...(some.length === 0 ? ["nothing changes"] : some.map(([kind, count]) => `count: ${count} ${kind}`)),
    ...changes.filter(({ kind }) => kind !== "relabelled").map(({ kind, title }) => `${kind}: ${title}`),
  );
}

/** Changes in `crds/`, which Helm does not apply in an upgrade. */
export function definitionFacts(old: Side, now: Side): Facts {
  const words = { removed: "gone", added: "new", changed: "changed", relabelled: "changed" };
  const changes = changesBetween(old.definitions, now.definitions);
  return must(...changes.map(({ kind, old: was, now: is }) => `crds/: ${(is ?? was)?.name} ${words[kind]}`));
}

export function chanceFacts(old: Side, now: Side): Facts {
  const places = [...now.resources, ...old.resources].flatMap(({ title, anew }) =>
    anew.map((place) => `${place.map((key) => key.replaceAll(".", "\\.")).join(".")} of ${title}`),
  );
  const each = [...new Set(places)];
  return {
    must: each.length === 0 ? [] : [`made anew: ${each.length} places`],
    may: each.map((place) => `made anew: ${place}`),
  };
}

/** Hooks that do not run in an upgrade: named, but not counted as changes. */
export function idleHookFacts(old: Side, now: Side): Facts {
  const changes = changesBetween(old.idleHooks, now.idleHooks).filter(({ kind }) => kind !== "relabelled");
  return {
    must: changes.length === 0 ? [] : [`idle hooks: ${changes.length}`],
    may: changes.map(({ title }) => `idle hook: ${title}`),
  };
}
