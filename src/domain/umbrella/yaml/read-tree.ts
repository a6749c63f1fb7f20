// Reads the first document of a YAML text the way Helm's reader (go-yaml 2) does. Two parsers that know nothing of each
// other read it: the one in domain/go-yaml says what Helm reads, the other where everything stands: js-yaml where the text is
// plain, else the `yaml` package. What they do not agree on is refused, so an edit that is made by the places of the one is
// proved by the values of the other.

import { readYaml } from "../../go-yaml/read-yaml.ts";
import type { YamlLimits } from "../../go-yaml/yaml-limits.ts";
import { fail, ok, type ProblemCode, type Result } from "../../model/problem.ts";
import { disagreement } from "./disagreement.ts";
import { placedNodes } from "./placed-nodes.ts";
import { plainNodes } from "./plain-nodes.ts";
import { uneditable, unreadable } from "./unreadable.ts";
import { lineAt, type Node, type YamlTree } from "./yaml-tree.ts";

/** More is an attack and not a chart; nodes are counted with every alias written out. */
const LIMITS: YamlLimits = {
  length: 8 * 1024 * 1024,
  nodes: 200_000,
  depth: 500,
  textLength: 8 * 1024 * 1024,
};

/**
 * Reads the first document, the only one Helm looks at; what follows it is never touched.
 * `code` is what an unreadable text is reported as.
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
