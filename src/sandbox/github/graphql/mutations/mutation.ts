// The form of every mutation: one argument named input, and a payload.

import type { Graph } from "../graph.ts";

export interface Input<T> {
  readonly input: T;
}

export type Mutations = { readonly [name: string]: (args: Input<never>, graph: Graph) => object };
