// What a resource is called in the text.

import { clip, code } from "./escape.ts";
import type { Manifest } from "./manifests.ts";

/** "`Deployment` `web`", with its namespace in front of the name when it says one. */
export function resourceName({ kind, namespace, name }: Manifest): string {
  return `${code(clip(kind, 80))} ${code(clip(namespace === "" ? name : `${namespace}/${name}`, 200))}`;
}
