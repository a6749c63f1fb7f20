// What go-yaml reads and JSON cannot say. It counts only where it is still part of the value in the end: a later key of
// the same name may have taken its place.

import type { YamlFault } from "../yaml-fault.ts";
import type { YamlValue } from "../yaml-value.ts";

/** The place of a value in the collection that holds it. */
export interface Holder {
  readonly holder: object;
  readonly key?: string | number;
}

interface Doubt extends Holder {
  readonly fault: YamlFault;
}

export class JsonDoubts {
  readonly #doubts: Doubt[] = [];

  /** `key` is left out where nothing that is put into the collection later can mend it. */
  add(fault: YamlFault, holder: Holder): void {
    this.#doubts.push({ ...holder, fault });
  }

  /** The first doubt about something that is part of this value. */
  confirmed(root: YamlValue): YamlFault | undefined {
    if (this.#doubts.length === 0) return undefined;
    const held = collectionsIn(root);
    return this.#doubts.find((doubt) => held.has(doubt.holder) && isStillThere(doubt))?.fault;
  }
}

function isStillThere({ holder, key }: Doubt): boolean {
  return key === undefined || isUnsayable(Reflect.get(holder, key));
}

/** NaN and infinity. */
export function isUnsayable(value: unknown): value is number {
  return typeof value === "number" && !Number.isFinite(value);
}

function collectionsIn(root: YamlValue): ReadonlySet<object> {
  const found = new Set<object>();
  const left = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== "object" || value === null) continue;
    found.add(value);
    for (const inner of Object.values(value)) left.push(inner);
  }
  return found;
}
