// One kind of untrusted input, and what reads it.

import fc from "fast-check";
import { documents, long, words } from "./bytes.ts";

/** One kind of input and the parser for it. */
export interface Target {
  readonly name: string;
  readonly inputs: fc.Arbitrary<unknown>;
  readonly read: (input: unknown) => unknown;
}

const texts = fc.oneof(documents, words, long);

export function text(name: string, read: (given: string) => unknown): Target {
  return { name, inputs: texts, read: (input) => read(String(input)) };
}

export function bytes(text: string): Buffer {
  return Buffer.from(text);
}
