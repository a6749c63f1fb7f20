// The tokens that a YAML text falls into.

import type { Mark } from "../yaml-fault.ts";

export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

export type TokenKind =
  | "stream-end"
  | "version-directive"
  | "tag-directive"
  | "document-start"
  | "document-end"
  | "block-sequence-start"
  | "block-mapping-start"
  | "block-end"
  | "flow-sequence-start"
  | "flow-sequence-end"
  | "flow-mapping-start"
  | "flow-mapping-end"
  | "block-entry"
  | "flow-entry"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

export interface Token {
  readonly kind: TokenKind;
  readonly start: Mark;
  /** A scalar's text, an anchor's or alias' name, a tag's or %TAG's handle, the version of %YAML. */
  readonly value: string;
  /** The rest of a tag behind its handle, or what %TAG puts in the handle's place. */
  readonly suffix: string;
  readonly style: ScalarStyle;
}

/** A token that is all said by its kind and place. */
export function bareToken(kind: TokenKind, start: Mark): Token {
  return { kind, start, value: "", suffix: "", style: "plain" };
}
