// Kubernetes quantities as numbers.

import { word } from "../tree.ts";

const FACTOR: { readonly [suffix: string]: number } = {
  ...{ m: 0.001, "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4, Pi: 1024 ** 5, Ei: 1024 ** 6 },
};

/** `undefined` when it is not a quantity. */
export function amount(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const [, number, suffix = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(word(value)) ?? [];
  const factor = FACTOR[suffix];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
