// Removed resources, and removed keys of ConfigMaps and Secrets, that a remaining resource still refers to.

import { groupKind } from "../../manifests/group-kind.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { resourceName, resourceNames } from "../../manifests/resource-name.ts";
import { treeAt } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import { isHook } from "../immutable/immutable-risks.ts";
import type { Risk } from "../risk.ts";
import type { Release, RenderedManifests } from "../rule.ts";
import { type Reference, referencesOf } from "./references.ts";
import { isKept, lostWith } from "./removed.ts";

export function danglingRisks({ before, after }: RenderedManifests, release: Release): readonly Risk[] {
  const identify = (manifest: Manifest): string => identity(targetOf(manifest, release));
  const left = new Map(after.map((manifest) => [identify(manifest), manifest]));
  const had = new Map(
    before.filter((one) => !isKept(one) && !isHook(one)).map((one) => [identify(one), one]),
  );
  const dangling = after.flatMap((from) =>
    referencesOf(from).flatMap((reference) => {
      const target = { ...reference, namespace: from.namespace || release.namespace };
      const [old, now] = [lookUp(had, target), lookUp(left, target)];
      if (old === undefined) return [];
      const lacks = now === undefined ? { manifest: old } : missingKey(old, now, reference);
      return lacks === undefined ? [] : [{ from, ...lacks }];
    }),
  );
  return [...Map.groupBy(dangling, subjectOf).values()].flatMap(risksOf);
}

function risksOf(list: readonly Dangling[]): readonly Risk[] {
  const [first] = list;
  if (first === undefined) return [];
  const from = [...new Set(list.map((one) => one.from))];
  const names = resourceNames(from, { length: 400 });
  const still = `${names} still ${from.length === 1 ? "names" : "name"} it`;
  const lost = first.key === undefined ? lostWith(first.manifest) : "";
  const text = `${subjectOf(first)}${lost}, ${lost === "" ? "and" : "while"} ${still}`;
  return [{ level: "danger", text, ...(first.key === undefined && { removes: first.manifest }) }];
}

interface Dangling {
  readonly from: Manifest;
  readonly manifest: Manifest;
  readonly key?: string;
}

function subjectOf({ manifest, key }: Dangling): string {
  return key === undefined
    ? `${resourceName(manifest)} is removed`
    : `${resourceName(manifest)} no longer holds ${code(clip(key, 120))}`;
}

interface Target {
  readonly groupKind: string;
  readonly name: string;
  readonly namespace: string;
}

function targetOf(manifest: Manifest, release: Release): Target {
  return {
    groupKind: groupKind(manifest),
    name: manifest.name,
    namespace: manifest.namespace || release.namespace,
  };
}

function identity({ groupKind: kind, name, namespace }: Target): string {
  return JSON.stringify([kind, OF_THE_CLUSTER.has(kind) ? "" : namespace, name]);
}

/** Cluster-scoped kinds among those that others refer to. */
const OF_THE_CLUSTER = new Set([
  "ClusterRole.rbac.authorization.k8s.io",
  "IngressClass.networking.k8s.io",
  "PersistentVolume",
  "PriorityClass.scheduling.k8s.io",
  "RuntimeClass.node.k8s.io",
  "StorageClass.storage.k8s.io",
]);

function lookUp(manifests: ReadonlyMap<string, Manifest>, target: Target): Manifest | undefined {
  return manifests.get(identity(target));
}

/** Set when the key was there and was removed. A key that the chart never had is written by somebody else. */
function missingKey(
  old: Manifest,
  now: Manifest,
  { key = "" }: Reference,
): Pick<Dangling, "manifest" | "key"> | undefined {
  return key !== "" && entriesOf(old).has(key) && !entriesOf(now).has(key)
    ? { manifest: now, key }
    : undefined;
}

function entriesOf({ content }: Manifest): ReadonlySet<string> {
  return new Set(
    ["data", "binaryData", "stringData"].flatMap((field) => Object.keys(treeAt(content, field))),
  );
}
