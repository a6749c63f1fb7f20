// A mapping's key as JSON has it: a text (sigs.k8s.io/yaml, convertToJSONableObject).

import { goFloatKey } from "./go-float.ts";
import type { GoScalar } from "./go-scalar.ts";

const MAX_INT = 2n ** 63n - 1n;

/** Nothing for null and for an integer beyond 64 bits with a sign: these have no text. */
export function keyText(key: GoScalar): string | undefined {
  if (typeof key === "string") return key;
  if (key === null || (typeof key === "bigint" && key > MAX_INT)) return undefined;
  return typeof key === "number" ? goFloatKey(key) : String(key);
}
