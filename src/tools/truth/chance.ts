// Values that differ between two renderings of the same version, such as generated passwords: they say nothing about
// the versions.

import { equal, isTree, type Place, type Tree } from "./tree.ts";

/** Placeholder where the renderings differ, as in the pull request body. */
const ANEW = "‹made anew›";

export interface Settled {
  readonly value: unknown;
  readonly places: readonly Place[];
}

export function comparable(one: unknown, other: unknown, place: Place = []): Settled {
  if (equal(one, other)) return { value: one, places: [] };
  if (isTree(one) && isTree(other)) return settleTree(one, other, place);
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    const items = one.map((item, index) => comparable(item, other[index], [...place, String(index)]));
    return { value: items.map(({ value }) => value), places: items.flatMap(({ places }) => places) };
  }
  const texts = typeof one === "string" && typeof other === "string";
  return { value: texts ? words(one, other) : ANEW, places: [place] };
}

function settleTree(one: Tree, other: Tree, place: Place): Settled {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const entries = keys.map((key) => {
    const below = [...place, key];
    return key in one && key in other
      ? ([key, comparable(one[key], other[key], below)] as const)
      : ([key, { value: ANEW, places: [below] }] as const);
  });
  const kept = entries.filter(([key]) => key in one && key in other);
  return {
    value: Object.fromEntries(kept.map(([key, { value }]) => [key, value])),
    places: entries.flatMap(([, { places }]) => places),
  };
}

function words(one: string, other: string): string {
  const [first, second] = [one, other].map((text) => text.split(/([^A-Za-z0-9+/=_-]+)/));
  if (first === undefined || first.length !== second?.length) return ANEW;
  return first.map((word, index) => (word === second[index] ? word : ANEW)).join("");
}
