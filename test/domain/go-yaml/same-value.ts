/**
 * Equal whatever the order of keys. A float without a fraction is written in JSON like an integer, so a large one may have
 * been read back as a bigint.
 */
export function sameValue(one: unknown, other: unknown): boolean {
  if (typeof one === "number" && typeof other === "bigint")
    return !Number.isSafeInteger(one) && one === Number(other);
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item, index) => sameValue(item, other[index]));
  if (!isMap(one) || !isMap(other)) return Object.is(one, other);
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameValue(one[key], other[key]))
  );
}

function isMap(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
