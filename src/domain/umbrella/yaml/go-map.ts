// The content of a mapping as go-yaml 2 reads it: later keys override earlier ones, and a merge key (`<<`) counts at
// its position, so one after an explicit key overrides it. Most other parsers let the explicit key win.

import type { GoScalar } from "../../go-yaml/decode/go-scalar.ts";
import { keyText } from "../../go-yaml/decode/mapping-key.ts";
import { scalarValue } from "./scalar-value.ts";
import { dereference, isMergeKey, type Mapping, mergeSources, type Node } from "./yaml-tree.ts";

/** A document as plain data: aliases followed, merge keys carried out. */
export type Plain = GoScalar | readonly Plain[] | ReadonlyMap<string, Plain>;

/** The pair that a mapping's key comes from. */
export interface Field {
  readonly key: string;
  readonly value: Node;
  /** The mapping that contains the pair; another one when it was merged in. */
  readonly owner: Mapping;
  /** Whether the owner has the key more than once, or both a number and a text that read the same (`1`, `"1"`). */
  readonly twice: boolean;
  /** Go type of the key; of two that read the same, Go takes either. */
  readonly keyType: string;
}

/** Cache for mappings in use: they are queried field by field. */
const KNOWN = new WeakMap<Mapping, ReadonlyMap<string, Field>>();

/** The fields of a mapping by key; keys that are numbers or booleans as the text Go makes of them. */
export function fieldsOf(mapping: Mapping): ReadonlyMap<string, Field> {
  const known = KNOWN.get(mapping);
  if (known !== undefined) return known;
  const fields = collectFields(mapping);
  KNOWN.set(mapping, fields);
  return fields;
}

function collectFields(mapping: Mapping): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const own = new Set<string>();
  for (const { key, value } of mapping.pairs) {
    if (isMergeKey(key)) {
      mergeFields(value, fields);
      continue;
    }
    const [name, keyType] = [nameOf(key), typeOf(key)];
    const twice = own.has(name) || isOtherType(fields.get(name), keyType);
    fields.set(name, { key: name, value, owner: mapping, twice, keyType });
    own.add(name);
  }
  return fields;
}

/** Later merges win here, which is the order in which Go's decoder sets them. */
function mergeFields(merged: Node, fields: Map<string, Field>): void {
  for (const source of mergeSources(merged)) {
    if (source.kind !== "mapping") continue;
    for (const [name, field] of fieldsOf(source)) {
      const twice = field.twice || isOtherType(fields.get(name), field.keyType);
      fields.set(name, { ...field, twice });
    }
  }
}

/**
 * The fields that Go's decoder uses for a struct, by lower-case name: names match in any case, in the order of their
 * bytes, and a null keeps the previous value.
 */
export function structFields(mapping: Mapping): ReadonlyMap<string, Field> {
  const fields = [...fieldsOf(mapping).values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return laidOver(fields);
}

/** By lower-case name, the last field with a value; if none has one, the last null. */
export function laidOver<T extends Field>(fields: Iterable<T>): ReadonlyMap<string, T> {
  const filled = new Map<string, T>();
  for (const field of fields) {
    const name = field.key.toLowerCase();
    const before = filled.get(name);
    if (before === undefined || isNull(before.value) || !isNull(field.value)) filled.set(name, field);
  }
  return filled;
}

export function plainOf(node: Node): Plain {
  const target = dereference(node);
  switch (target.kind) {
    case "scalar":
      return scalarValue(target);
    case "sequence":
      return target.items.map(plainOf);
    case "mapping": {
      const plain = new Map<string, Plain>();
      for (const [key, { value }] of fieldsOf(target)) plain.set(key, plainOf(value));
      return plain;
    }
  }
}

export function isNull(node: Node): boolean {
  const target = dereference(node);
  return target.kind === "scalar" && scalarValue(target) === null;
}

function isOtherType(before: Field | undefined, keyType: string): boolean {
  return before !== undefined && before.keyType !== keyType;
}

function typeOf(key: Node): string {
  const target = dereference(key);
  return target.kind === "scalar" ? typeof scalarValue(target) : target.kind;
}

function nameOf(key: Node): string {
  const target = dereference(key);
  return (target.kind === "scalar" ? keyText(scalarValue(target)) : undefined) ?? "";
}

/** A path in plain data: keys, and list indexes. */
export type MapPath = readonly (string | number)[];

export interface Difference {
  readonly path: MapPath;
  readonly before: Plain | undefined;
  readonly after: Plain | undefined;
}

/** Where two documents differ, each at the deepest path; `undefined` means absent. */
export function differences(
  before: Plain | undefined,
  after: Plain | undefined,
  path: MapPath = [],
): readonly Difference[] {
  if (before instanceof Map && after instanceof Map) {
    const keys = new Set<string>([...before.keys(), ...after.keys()]);
    return [...keys].flatMap((key) => differences(before.get(key), after.get(key), [...path, key]));
  }
  if (isList(before) && isList(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) =>
      differences(before[index], after[index], [...path, index]),
    ).flat();
  }
  return isSameScalar(before, after) ? [] : [{ path, before, after }];
}

/** A whole number is the same number written as a float. */
function isSameScalar(before: Plain | undefined, after: Plain | undefined): boolean {
  if (typeof before === "bigint" && typeof after === "number") return Object.is(Number(before), after);
  if (typeof before === "number" && typeof after === "bigint") return Object.is(before, Number(after));
  return Object.is(before, after);
}

function isList(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}
