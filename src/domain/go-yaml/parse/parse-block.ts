// Block sequences and mappings (go-yaml 2, parserc.go).

import type { TokenKind } from "../scan/token.ts";
import { bareEvent, emptyScalar, type YamlEvent } from "./event.ts";
import type { ParserState } from "./parser-state.ts";

/** When one of these tokens comes next, the item, key or value is empty. */
const AFTER_ITEM = new Set<TokenKind>(["block-entry", "block-end"]);
const AFTER_LIST_ITEM = new Set<TokenKind>(["block-entry", "key", "value", "block-end"]);
const AFTER_PAIR = new Set<TokenKind>(["key", "value", "block-end"]);

export function blockSequenceFirst(parser: ParserState): YamlEvent | undefined {
  parser.take();
  return blockSequence(parser);
}

export function blockSequence(parser: ParserState): YamlEvent | undefined {
  const { kind, start } = parser.peek();
  if (kind === "block-end") return close(parser, "sequence-end");
  if (kind !== "block-entry") return parser.fail("did not find expected '-' indicator", start);
  if (!AFTER_ITEM.has(parser.next().kind)) return parser.call("block-node", "block-sequence");
  parser.state = "block-sequence";
  return emptyScalar(start);
}

/** A list at the same indentation as the mapping that it is a value of: only another token ends it. */
export function list(parser: ParserState): YamlEvent | undefined {
  const { kind, start } = parser.peek();
  if (kind !== "block-entry") {
    parser.back();
    return bareEvent("sequence-end", start);
  }
  if (!AFTER_LIST_ITEM.has(parser.next().kind)) return parser.call("block-node", "list");
  parser.state = "list";
  return emptyScalar(start);
}

export function blockMappingFirst(parser: ParserState): YamlEvent | undefined {
  parser.take();
  return blockMappingKey(parser);
}

export function blockMappingKey(parser: ParserState): YamlEvent | undefined {
  const { kind, start } = parser.peek();
  if (kind === "block-end") return close(parser, "mapping-end");
  if (kind !== "key") return parser.fail("did not find expected key", start);
  if (!AFTER_PAIR.has(parser.next().kind)) return parser.call("block-node-or-list", "block-mapping-value");
  parser.state = "block-mapping-value";
  return emptyScalar(start);
}

export function blockMappingValue(parser: ParserState): YamlEvent | undefined {
  const { kind, start } = parser.peek();
  parser.state = "block-mapping-key";
  if (kind !== "value") return emptyScalar(start);
  if (!AFTER_PAIR.has(parser.next().kind)) return parser.call("block-node-or-list", "block-mapping-key");
  return emptyScalar(start);
}

function close(parser: ParserState, kind: "sequence-end" | "mapping-end"): YamlEvent {
  const { start } = parser.peek();
  parser.back();
  parser.take();
  return bareEvent(kind, start);
}
