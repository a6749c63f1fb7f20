// Untyped trees as YAML gives them: values, manifests, schemas.

export interface ValueTree {
  readonly [key: string]: unknown;
}

export type TreePath = readonly string[];

export function isTree(value: unknown): value is ValueTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The tree at this path; an empty one when there is none, or something else. */
export function treeAt(value: unknown, ...path: TreePath): ValueTree {
  const found = valueAt(value, path);
  return isTree(found) ? found : {};
}

export function valueAt(value: unknown, path: TreePath): unknown {
  return path.reduce<unknown>(
    (node, key) => (isTree(node) && Object.hasOwn(node, key) ? node[key] : undefined),
    value,
  );
}

export function listAt(value: unknown, ...path: TreePath): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

export function textAt(value: unknown, ...path: TreePath): string {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : "";
}

/** As in `helm --set`: keys joined by dots, a dot within a key escaped. */
export function dotted(path: TreePath): string {
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
