// Changes of immutable fields: the upgrade fails until the resource is deleted and created again.

import type { ResourceChange } from "../../manifests/compare-manifests.ts";
import { groupKind } from "../../manifests/group-kind.ts";
import type { Manifest } from "../../manifests/manifests.ts";
import { resourceName } from "../../manifests/resource-name.ts";
import { textAt, valueAt } from "../../manifests/tree.ts";
import { clip, code } from "../../markdown/escape.ts";
import type { Risk } from "../risk.ts";
import { IMMUTABLE } from "./immutable-fields.ts";
import type { RefusedChange } from "./refused-change.ts";

export function immutableRisks(change: ResourceChange): readonly Risk[] {
  if (change.kind !== "changed" && change.kind !== "relabelled") return [];
  const { before, after } = change;
  if (isHook(before) || isHook(after)) return [];
  const refused = refusedChanges(before, after);
  const always = refused.filter(({ unless }) => unless === undefined);
  return [
    ...(always.length === 0 ? [] : [refusal({ before, after }, always)]),
    ...refused.flatMap((one) => conditional({ before, after }, one)),
  ];
}

/** The changes of one resource that the API server refuses; `before` is the resource in the cluster. */
export function refusedChanges(before: Manifest, after: Manifest): readonly RefusedChange[] {
  const rule = IMMUTABLE.get(groupKind(after));
  return rule === undefined ? [] : rule({ before: before.content, after: after.content });
}

/** Helm deletes a hook before it creates it again. */
export function isHook({ content }: Manifest): boolean {
  return textAt(content, "metadata", "annotations", "helm.sh/hook") !== "";
}

interface Versions {
  readonly before: Manifest;
  readonly after: Manifest;
}

function refusal(versions: Versions, refused: readonly RefusedChange[]): Risk {
  const fields = [...new Set(refused.map(({ field }) => fieldChange(field, versions)))].join(", ");
  const names = [...new Set(refused.map(({ field }) => code(clip(field, 120))))].join(", ");
  return {
    level: "danger",
    text: `${resourceName(versions.after)} changes ${fields}, which Kubernetes does not allow: the upgrade will fail`,
    refusedBy: "kubernetes",
    shared: {
      words: `${names} changed, which Kubernetes does not allow: the upgrade will fail`,
      by: versions.after,
    },
  };
}

function conditional(versions: Versions, { field, unless, asARule }: RefusedChange): readonly Risk[] {
  if (unless === undefined) return [];
  const change = fieldChange(field, versions);
  const text = `${resourceName(versions.after)} changes ${change}, which Kubernetes turns down unless ${unless}`;
  return [{ level: asARule ? "danger" : "warning", text }];
}

/** "`spec.completions` (`1` → `3`)": with old and new value if each is a single word. */
function fieldChange(field: string, { before, after }: Versions): string {
  const path = field.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
  const [old, now] = [before, after].map(({ content }) => word(valueAt(content, path)));
  const name = code(clip(field, 120));
  return old === undefined || now === undefined || old === now ? name : `${name} (${old} → ${now})`;
}

/** `undefined` for a value that is not a single word. */
function word(value: unknown): string | undefined {
  if (value === undefined || value === null) return "not stated";
  if (typeof value === "object") return undefined;
  return code(clip(typeof value === "string" ? value : JSON.stringify(value), 60));
}
