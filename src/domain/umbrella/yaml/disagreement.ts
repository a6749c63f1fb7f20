// Compares two readings of one text.

import { jsonScalar, type YamlMap, type YamlValue } from "../../go-yaml/yaml-value.ts";
import { fieldsOf } from "./go-map.ts";
import { scalarValue } from "./scalar-value.ts";
import { dereference, type Mapping, type Node, type Sequence } from "./yaml-tree.ts";

/**
 * The first node whose value differs from the given one; `undefined` when all agree. A document without a root is null.
 */
export function disagreement(root: Node | undefined, value: YamlValue): Pick<Node, "start"> | undefined {
  if (root !== undefined) return disagreementIn(root, value);
  return value === null ? undefined : { start: 0 };
}

function disagreementIn(node: Node, value: YamlValue): Node | undefined {
  const target = dereference(node);
  switch (target.kind) {
    case "scalar":
      return Object.is(jsonScalar(scalarValue(target), "exact"), value) ? undefined : node;
    case "sequence":
      return isList(value) && value.length === target.items.length ? disagreementInList(target, value) : node;
    case "mapping":
      return isMap(value) ? disagreementInMap(target, value) : node;
  }
}

function disagreementInMap(mapping: Mapping, value: YamlMap): Node | undefined {
  const fields = fieldsOf(mapping);
  for (const [key, field] of fields) {
    const odd = Object.hasOwn(value, key) ? disagreementIn(field.value, value[key] ?? null) : field.value;
    if (odd !== undefined) return odd;
  }
  return fields.size === Object.keys(value).length ? undefined : mapping;
}

function disagreementInList({ items }: Sequence, value: readonly YamlValue[]): Node | undefined {
  for (const [index, item] of items.entries()) {
    const odd = disagreementIn(item, value[index] ?? null);
    if (odd !== undefined) return odd;
  }
  return undefined;
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

function isMap(value: YamlValue): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
