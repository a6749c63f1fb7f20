// Whether a chart's schema restricts a value: then Helm's validation decides.

import type { Archive } from "../../model/chart/archive.ts";
import { isTree, listAt, type TreePath, treeAt, type ValueTree, valueAt } from "../manifests/tree.ts";

/** Whether the values.schema.json of the chart, or of the subchart that the value belongs to, mentions this path. */
export function isInSchema({ files }: Archive, path: TreePath): boolean {
  return (
    speaksOf(files.get("values.schema.json"), path) ||
    (path.length > 1 && speaksOf(files.get(`charts/${path[0]}/values.schema.json`), path.slice(1)))
  );
}

const LONGEST = 5_000_000;

function speaksOf(bytes: Uint8Array | undefined, path: TreePath): boolean {
  const schema =
    bytes === undefined ? undefined : parsed(new TextDecoder().decode(bytes.subarray(0, LONGEST)));
  return schema !== undefined && reaches({ schema, steps: 1_000 }, schema, path);
}

function parsed(text: string): ValueTree | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

interface Walk {
  readonly schema: ValueTree;
  /** How many more parts of the schema are visited: references can be circular. */
  steps: number;
}

function reaches(walk: Walk, node: unknown, path: TreePath): boolean {
  walk.steps -= 1;
  if (walk.steps < 0 || !isTree(node)) return false;
  const [key, ...rest] = path;
  if (key === undefined && ["type", "enum", "const"].some((word) => Object.hasOwn(node, word))) return true;
  const further = [
    ...["allOf", "anyOf", "oneOf"].flatMap((word) => listAt(node, word)),
    ...referenced(walk.schema, node["$ref"]),
  ];
  if (further.some((other) => reaches(walk, other, path))) return true;
  if (key === undefined) return false;
  const properties = treeAt(node, "properties");
  const below = Object.hasOwn(properties, key) ? properties[key] : node["additionalProperties"];
  return reaches(walk, below, rest);
}

function referenced(schema: ValueTree, reference: unknown): readonly unknown[] {
  if (typeof reference !== "string" || !reference.startsWith("#")) return [];
  const path = reference.slice(1).split("/").slice(1);
  return [
    valueAt(
      schema,
      path.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~")),
    ),
  ];
}
