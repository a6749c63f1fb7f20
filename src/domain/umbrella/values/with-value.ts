// The wanted data of a values file after a value is set: plain data in, plain data out.

import type { ValuePath } from "../../model/umbrella.ts";
import type { Plain } from "../yaml/go-map.ts";

export type WithValue =
  | { readonly kind: "data"; readonly data: Plain }
  /** `at`: number of path steps to the value that is in the way. */
  | { readonly kind: "obstructed" | "gap"; readonly at: number };

/**
 * The data with the value set. `null` may be replaced by a map or a list; a scalar or a collection of the other kind on
 * the path is in the way, and so is a non-empty map in the place of the value itself. An index at the end of a list
 * appends; beyond it leaves a gap.
 */
export function withValue(data: Plain, path: ValuePath, value: Plain): WithValue {
  return placed(data, path, { value, at: 0 });
}

interface Placing {
  readonly value: Plain;
  readonly at: number;
}

function placed(data: Plain, path: ValuePath, { value, at }: Placing): WithValue {
  const [step, ...rest] = path;
  if (step === undefined) return inPlaceOf(data, value, at);
  const below = { value, at: at + 1 };
  if (typeof step === "number") {
    if (data !== null && !isList(data)) return { kind: "obstructed", at };
    const list = data ?? [];
    if (step > list.length) return { kind: "gap", at };
    const next = placed(list[step] ?? null, rest, below);
    return next.kind === "data"
      ? { kind: "data", data: list.slice(0, step).concat([next.data], list.slice(step + 1)) }
      : next;
  }
  if (data !== null && !(data instanceof Map)) return { kind: "obstructed", at };
  const next = placed(data?.get(step) ?? null, rest, below);
  return next.kind === "data"
    ? { kind: "data", data: new Map([...(data ?? [])]).set(step, next.data) }
    : next;
}

function inPlaceOf(data: Plain, value: Plain, at: number): WithValue {
  const isFilled = data instanceof Map && data.size > 0;
  if (!isFilled) return { kind: "data", data: value };
  const isEmptyMap = value instanceof Map && value.size === 0;
  return isEmptyMap ? { kind: "data", data } : { kind: "obstructed", at };
}

/** The data at the path; `undefined` when there is none. */
export function valueAt(data: Plain, path: ValuePath): Plain | undefined {
  return path.reduce<Plain | undefined>((above, step) => {
    if (typeof step === "number") return isList(above) ? above[step] : undefined;
    return above instanceof Map ? above.get(step) : undefined;
  }, data);
}

export function isList(data: Plain | undefined): data is readonly Plain[] {
  return Array.isArray(data);
}
