// Facts as short plain sentences: a text must state each `must`, and may state each `may`.

import type { Both } from "../render.ts";
import type { Side } from "../side.ts";
import type { Stated, Triple } from "../triple.ts";

export interface Facts {
  readonly must: readonly string[];
  readonly may: readonly string[];
}

export interface World {
  readonly triple: Triple;
  readonly stated: Stated;
  readonly both: Both;
  readonly old: Side;
  readonly new: Side;
}

export function must(...sentences: readonly string[]): Facts {
  return { must: sentences, may: [] };
}

export function may(...sentences: readonly string[]): Facts {
  return { must: [], may: sentences };
}

export function together(...all: readonly Facts[]): Facts {
  return { must: all.flatMap((one) => one.must), may: all.flatMap((one) => one.may) };
}
