// How much a value may hold: go-yaml's guard against documents that blow up by aliases (decode.go, allowedAliasRatio),
// and the caller's limits.

import type { YamlLimits } from "../yaml-limits.ts";

const FREE_ALIASED = 100;
const FREE_NODES = 1000;
const SMALL = 400_000;
const LARGE = 4_000_000;

export interface Excess {
  readonly kind: "value" | "limit";
  readonly message: string;
}

export class DecodeBudget {
  readonly #limits: YamlLimits;
  /** go-yaml counts the document as a node. */
  #nodes = 1;
  #aliased = 0;
  #textLength = 0;

  constructor(limits: YamlLimits) {
    this.#limits = limits;
  }

  /** Counts a node; `aliased` when it repeats, by an alias, something written before. */
  node(origin: "own" | "aliased"): Excess | undefined {
    this.#nodes += 1;
    if (origin === "aliased") this.#aliased += 1;
    if (this.#isExcessive()) return { kind: "value", message: "document contains excessive aliasing" };
    const { nodes } = this.#limits;
    return this.#nodes > nodes ? { kind: "limit", message: `more than ${nodes} nodes` } : undefined;
  }

  text(length: number): Excess | undefined {
    this.#textLength += length;
    const { textLength } = this.#limits;
    return this.#textLength > textLength
      ? { kind: "limit", message: `more than ${textLength} characters` }
      : undefined;
  }

  #isExcessive(): boolean {
    if (this.#aliased <= FREE_ALIASED || this.#nodes <= FREE_NODES) return false;
    return this.#aliased / this.#nodes > allowedShare(this.#nodes);
  }
}

/** 99 % in small documents, 10 % in large ones. */
function allowedShare(nodes: number): number {
  if (nodes <= SMALL) return 0.99;
  if (nodes >= LARGE) return 0.1;
  return 0.99 - 0.89 * ((nodes - SMALL) / (LARGE - SMALL));
}
