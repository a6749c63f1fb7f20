// How a resource is named in the text.

import { clip, code } from "../markdown/escape.ts";
import type { Manifest } from "./manifests.ts";

/** "`Deployment` `web`", with its namespace in front of the name when it says one. */
export function resourceName(manifest: Manifest): string {
  return `${code(clip(manifest.kind, 80))} ${nameIn(manifest)}`;
}

/**
 * "`Deployment` `web`, `api`; `Role` `web` and 3 more": each kind once; as many names as fit into so many characters.
 */
export function resourceNames(
  manifests: readonly Manifest[],
  { length }: { readonly length: number },
): string {
  let left = length;
  const shown = manifests.filter((manifest) => {
    left -= resourceName(manifest).length;
    return left >= 0;
  });
  const byKind = Map.groupBy(shown, ({ kind }) => kind);
  const groups = [...byKind].map(([kind, list]) => `${code(clip(kind, 80))} ${list.map(nameIn).join(", ")}`);
  const more = manifests.length > shown.length ? [`${manifests.length - shown.length} more`] : [];
  return [...groups, ...more].join("; ");
}

function nameIn({ namespace, name }: Manifest): string {
  return code(clip(namespace === "" ? name : `${namespace}/${name}`, 200));
}
