// The diff of one resource for a reader.

import { createHash } from "node:crypto";
import { structuredPatch } from "diff";
import { dump } from "js-yaml";
import { type ResourceChange, withoutVersionLabels } from "../manifests/compare-manifests.ts";
import { resourceName } from "../manifests/resource-name.ts";
import { isTree, type ValueTree } from "../manifests/tree.ts";
import { clip, fence } from "../markdown/escape.ts";
import { redactPair } from "../redaction/redact-tree.ts";

/** A change with a diff. */
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

/**
 * A diff of both as YAML with sorted keys, so that order and layout make no difference; secrets and version labels are
 * removed.
 */
function difference(before: ValueTree, after: ValueTree): string {
  const shown = redactPair(withoutVersionLabels(before), withoutVersionLabels(after));
  const [one, other] = [yaml(shown.before), yaml(shown.after)];
  const patch = structuredPatch("", "", one, other, "", "", {
    context: 3,
    maxEditLength: 4_000,
  });
  if (patch === undefined) return "_Too different to be compared line by line._";
  if (patch.hunks.length === 0) return "_Only what is not shown here changes._";
  const lines = patch.hunks.flatMap(({ lines: hunk }, index) => [...(index === 0 ? [] : [" …"]), ...hunk]);
  const kept = lines.filter((line) => !line.startsWith("\\"));
  const more = kept.length > LINES_SHOWN ? `\n\n_${kept.length - LINES_SHOWN} more lines left out._` : "";
  return fence("diff", kept.slice(0, LINES_SHOWN).join("\n")) + more;
}

/** Maximum length of one text, in characters; a longer one is replaced by its beginning and a digest. */
const LONGEST_TEXT = 100_000;
const SHOWN_OF_IT = 1_000;

/** js-yaml's expressions overflow the stack on a line of some megabytes. */
function shortened(node: unknown): unknown {
  if (typeof node === "string") return node.length > LONGEST_TEXT ? beginning(node) : node;
  if (Array.isArray(node)) return node.map(shortened);
  if (!isTree(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [clip(key, SHOWN_OF_IT), shortened(value)]),
  );
}

function beginning(text: string): string {
  const digest = createHash("sha256").update(text).digest("hex");
  return `${clip(text, SHOWN_OF_IT)} (${text.length} characters, sha256:${digest})`;
}

function yaml(tree: ValueTree): string {
  return Object.keys(tree).length === 0
    ? ""
    : dump(shortened(tree), { sortKeys: true, lineWidth: -1, noRefs: true });
}
