// How one resource changes, as a reader sees it.

import { structuredPatch } from "diff";
import { dump } from "js-yaml";
import { type ResourceChange, withoutVersionLabels } from "./compare-manifests.ts";
import { fence } from "./escape.ts";
import { redactPair } from "./redact.ts";
import { resourceName } from "./resource-name.ts";
import type { Tree } from "./tree.ts";

/** A change that is worth a diff. */
export type ShownChange = Exclude<ResourceChange, { kind: "relabelled" }>;

export function renderChange(change: ShownChange): string {
  switch (change.kind) {
    case "removed":
      return `**Removed** ${resourceName(change.before)}`;
    case "added":
      return `**Added** ${resourceName(change.after)}\n\n${difference({}, change.after.content)}`;
    case "changed":
      return `**Changed** ${resourceName(change.after)}\n\n${difference(change.before.content, change.after.content)}`;
  }
}

const LINES_SHOWN = 160;

/** A diff of both as YAML with sorted keys, so that order and layout make no difference; secrets and version labels are out. */
function difference(before: Tree, after: Tree): string {
  const shown = redactPair(withoutVersionLabels(before), withoutVersionLabels(after));
  const patch = structuredPatch("", "", yaml(shown.before), yaml(shown.after), "", "", {
    context: 3,
    maxEditLength: 4_000,
  });
  if (patch === undefined) return "_Too different to be compared line by line._";
  const lines = patch.hunks.flatMap(({ lines: hunk }, index) => [...(index === 0 ? [] : [" …"]), ...hunk]);
  const kept = lines.filter((line) => !line.startsWith("\\"));
  const more = kept.length > LINES_SHOWN ? `\n\n_${kept.length - LINES_SHOWN} more lines left out._` : "";
  return fence("diff", kept.slice(0, LINES_SHOWN).join("\n")) + more;
}

function yaml(tree: Tree): string {
  return Object.keys(tree).length === 0 ? "" : dump(tree, { sortKeys: true, lineWidth: -1, noRefs: true });
}
