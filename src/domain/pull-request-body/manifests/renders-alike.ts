// Whether another rendering equals those of its version, apart from non-deterministic parts.

import { mask, type Twice } from "./chance.ts";
import type { Manifest } from "./manifests.ts";
import { readRendering } from "./rendering.ts";
import { same } from "./tree.ts";

/** `second` may be preceded by the contents of `crds/`. */
export function rendersAlike(
  { first, second }: { readonly first: string; readonly second: string },
  rerendered: string,
): boolean {
  if (rerendered === first) return true;
  const [known, now, others] = [
    allOf([first, second]),
    allOf([first, rerendered]),
    allOf([rerendered, first]),
  ];
  return (
    others.length === known.length &&
    known.every((manifest, index) => same(stable(manifest), stable(now[index])))
  );
}

function allOf(twice: Twice<string>): readonly Manifest[] {
  const { resources, idleHooks } = readRendering(twice);
  return [...resources, ...idleHooks];
}

/** The deterministic parts. */
function stable(manifest: Manifest | undefined): unknown {
  if (manifest?.second === undefined) return manifest;
  const { value } = mask([manifest.content, manifest.second]);
  return { ...manifest, content: value, second: undefined };
}
