// JSON trees. Written for this tool alone: it shares no code with the product that it checks.

export interface Tree {
  readonly [key: string]: unknown;
}

export type Place = readonly string[];

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function at(value: unknown, ...place: Place): unknown {
  let node = value;
  for (const key of place) node = isTree(node) ? node[key] : undefined;
  return node;
}

export function tree(value: unknown, ...place: Place): Tree {
  const found = at(value, ...place);
  return isTree(found) ? found : {};
}

export function list(value: unknown, ...place: Place): readonly unknown[] {
  const found = at(value, ...place);
  return Array.isArray(found) ? found : [];
}

export function text(value: unknown, ...place: Place): string {
  const found = at(value, ...place);
  return typeof found === "string" ? found : "";
}

/** A scalar as text; empty for anything else. */
export function word(value: unknown): string {
  return typeof value === "string" ? value : isScalar(value) ? JSON.stringify(value) : "";
}

function isScalar(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

/** JSON with sorted keys: equal trees give equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, node: unknown) =>
    isTree(node)
      ? Object.fromEntries(
          Object.keys(node)
            .sort()
            .map((key) => [key, node[key]]),
        )
      : node,
  );
}

export function equal(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

/** Every value of a values file with its path: maps are traversed, lists count as values. */
export function* settings(value: unknown, place: Place = []): Iterable<readonly [Place, unknown]> {
  const below = isTree(value) ? Object.entries(value) : [];
  if (below.length === 0) yield [place, value];
  for (const [key, child] of below) yield* settings(child, [...place, key]);
}

/** The tree itself and all trees within it. */
export function* trees(value: unknown): Iterable<Tree> {
  if (isTree(value)) yield value;
  const below = Array.isArray(value) ? value : isTree(value) ? Object.values(value) : [];
  for (const child of below) yield* trees(child);
}
