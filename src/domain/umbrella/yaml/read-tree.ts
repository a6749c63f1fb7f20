// Reads the first document of a YAML text as Helm's reader (go-yaml 2) does. Two independent parsers read it:
// domain/go-yaml gives the values that Helm reads, and js-yaml (simple texts) or the `yaml` package gives the
// positions. A text on which they disagree is refused, so an edit by the positions of one is proved by the values of
// the other.

import { readYaml } from "../../go-yaml/read-yaml.ts";
import type { YamlLimits } from "../../go-yaml/yaml-limits.ts";
import { fail, ok, type ProblemCode, type Result } from "../../model/problem.ts";
import { disagreement } from "./disagreement.ts";
import { placedNodes } from "./placed-nodes.ts";
import { plainNodes } from "./plain-nodes.ts";
import { uneditable, unreadable } from "./unreadable.ts";
import { lineAt, type Node, type YamlTree } from "./yaml-tree.ts";

/** Limits that no real chart exceeds; nodes are counted with every alias expanded. */
const LIMITS: YamlLimits = {
  length: 8 * 1024 * 1024,
  nodes: 200_000,
  depth: 500,
  textLength: 8 * 1024 * 1024,
};

/**
 * Reads the first document, the only one that Helm reads; later ones are never changed. `code`: problem code for an
 * unreadable text.
 */
export function readTree(
  file: string,
  text: string,
  code: ProblemCode = "manifest-invalid",
): Result<YamlTree> {
  const origin = { file, text, code };
  const read = readYaml(text, { integers: "exact", limits: LIMITS });
  if (!read.ok) return fail(unreadable(origin, read.fault));
  const plain = plainNodes(text);
  if (plain !== undefined && disagreement(plain, read.value) === undefined)
    return ok({ file, text, aliases: [], root: plain });
  let odd: Pick<Node, "start"> | undefined;
  for (const nodes of placedNodes(text, LIMITS)) {
    const found = disagreement(nodes.root, read.value);
    if (found === undefined) return ok({ file, text, ...nodes });
    odd ??= found;
  }
  return fail(uneditable(origin, lineAt(text, odd?.start ?? 0)));
}
