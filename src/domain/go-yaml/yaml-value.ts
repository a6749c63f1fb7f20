// What a YAML text says, as JSON.

import type { GoScalar } from "./decode/go-scalar.ts";

/** A bigint only where integers are read exactly: one beyond ±(2^53 - 1). */
export type YamlValue = null | boolean | number | bigint | string | readonly YamlValue[] | YamlMap;

export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** A mapping that is being filled. */
export interface MutableMap {
  [key: string]: YamlValue;
}

export function put(map: MutableMap, key: string, value: YamlValue): void {
  if (key !== "__proto__") map[key] = value;
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

/** JSON does not tell integers from floats. */
export function jsonScalar(
  value: GoScalar,
  integers: "float64" | "exact",
): Exclude<YamlValue, object> | null {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return integers === "float64" || Number.isSafeInteger(number) ? number : value;
}
