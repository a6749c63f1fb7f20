// Untyped trees as YAML gives them: values, manifests, schemas.

export interface Tree {
  readonly [key: string]: unknown;
}

export type Path = readonly string[];

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The tree at this path; an empty one when something else, or nothing, stands there. */
export function treeAt(value: unknown, ...path: Path): Tree {
  const found = valueAt(value, path);
  return isTree(found) ? found : {};
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (node, key) => (isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined),
    value,
  );
}

export function hasPath(value: unknown, path: Path): boolean {
  return (
    path.length === 0 ||
    (isTree(valueAt(value, path.slice(0, -1))) &&
      Object.hasOwn(treeAt(value, ...path.slice(0, -1)), path.at(-1) ?? ""))
  );
}

export function listAt(value: unknown, ...path: Path): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, ...path: Path): string {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : "";
}

/** As in `helm --set`: keys joined by dots, a dot within a key escaped. */
export function dotted(path: Path): string {
  return path.map((key) => key.replaceAll(".", "\\.")).join(".");
}

/** Equal whatever the order of keys. */
export function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]));
  }
  if (!isTree(one) || !isTree(other)) return Object.is(one, other);
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]))
  );
}
