// Parser events, as in go-yaml 2: start and end of collections, and the nodes between them.

import type { Mark } from "../yaml-fault.ts";

export type EventKind =
  | "stream-end"
  | "document-start"
  | "document-end"
  | "alias"
  | "scalar"
  | "sequence-start"
  | "sequence-end"
  | "mapping-start"
  | "mapping-end";

export interface YamlEvent {
  readonly kind: EventKind;
  readonly start: Mark;
  /** Anchor of the node or target of the alias; empty when there is none. */
  readonly anchor: string;
  /** Written out, such as `tag:yaml.org,2002:str`; empty without. */
  readonly tag: string;
  /** A scalar's text. */
  readonly value: string;
  /** A scalar whose text says what it is: a plain one without a tag, or one with the tag `!`. */
  readonly implicit: boolean;
}

export function bareEvent(kind: EventKind, start: Mark): YamlEvent {
  return { kind, start, anchor: "", tag: "", value: "", implicit: false };
}

/** Where nothing is written and something is wanted. */
export function emptyScalar(start: Mark): YamlEvent {
  return { kind: "scalar", start, anchor: "", tag: "", value: "", implicit: true };
}
