// The size of a value for choosing a thread: its characters, and one for everything else.

/** Stops counting at `most`, so a result of `most` means that much or more. */
export function weightOf(value: unknown, most: number): number {
  if (typeof value === "string") return Math.min(value.length, most);
  if (typeof value !== "object" || value === null) return 1;
  let weight = 1;
  for (const part of partsOf(value)) {
    if (weight >= most) return most;
    weight += weightOf(part, most - weight);
  }
  return weight;
}

function partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value.entries()].flat();
  if (value instanceof Set) return value;
  if (ArrayBuffer.isView(value)) return [];
  return Object.values(value);
}
