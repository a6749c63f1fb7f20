// Flow sequences and mappings (go-yaml 2, parserc.go).

import type { Token, TokenKind } from "../scan/token.ts";
import { bareEvent, emptyScalar, type YamlEvent } from "./event.ts";
import type { ParserState } from "./parser-state.ts";

/** When one of these tokens comes next, the item, key or value is empty. */
const AFTER_ITEM = new Set<TokenKind>(["flow-entry", "flow-sequence-end"]);
const AFTER_ITEM_KEY = new Set<TokenKind>(["value", ...AFTER_ITEM]);
const AFTER_VALUE = new Set<TokenKind>(["flow-entry", "flow-mapping-end"]);
const AFTER_KEY = new Set<TokenKind>(["value", ...AFTER_VALUE]);

export function flowSequenceFirst(parser: ParserState): YamlEvent | undefined {
  return flowSequenceEntry(parser, parser.next());
}

export function flowSequence(parser: ParserState): YamlEvent | undefined {
  const token = parser.peek();
  if (token.kind === "flow-sequence-end") return close(parser, "sequence-end", token);
  if (token.kind !== "flow-entry") return parser.fail("did not find expected ',' or ']'", token.start);
  return flowSequenceEntry(parser, parser.next());
}

function flowSequenceEntry(parser: ParserState, token: Token): YamlEvent | undefined {
  if (token.kind === "flow-sequence-end") return close(parser, "sequence-end", token);
  if (token.kind !== "key") return parser.call("flow-node", "flow-sequence");
  parser.take();
  parser.state = "flow-pair-key";
  return bareEvent("mapping-start", token.start);
}

/** A pair written straight into a sequence, as in `[a: 1]`, is a mapping of its own. */
export function flowPairKey(parser: ParserState): YamlEvent | undefined {
  const token = parser.peek();
  if (!AFTER_ITEM_KEY.has(token.kind)) return parser.call("flow-node", "flow-pair-value");
  parser.take();
  parser.state = "flow-pair-value";
  return emptyScalar(token.start);
}

export function flowPairValue(parser: ParserState): YamlEvent | undefined {
  const token = parser.peek();
  if (token.kind === "value" && !AFTER_ITEM.has(parser.next().kind))
    return parser.call("flow-node", "flow-pair-end");
  parser.state = "flow-pair-end";
  return emptyScalar(token.start);
}

export function flowPairEnd(parser: ParserState): YamlEvent {
  parser.state = "flow-sequence";
  return bareEvent("mapping-end", parser.peek().start);
}

export function flowMappingFirst(parser: ParserState): YamlEvent | undefined {
  return flowMappingEntry(parser, parser.next());
}

export function flowMappingKey(parser: ParserState): YamlEvent | undefined {
  const token = parser.peek();
  if (token.kind === "flow-mapping-end") return close(parser, "mapping-end", token);
  if (token.kind !== "flow-entry") return parser.fail("did not find expected ',' or '}'", token.start);
  return flowMappingEntry(parser, parser.next());
}

function flowMappingEntry(parser: ParserState, token: Token): YamlEvent | undefined {
  if (token.kind === "flow-mapping-end") return close(parser, "mapping-end", token);
  if (token.kind !== "key") return parser.call("flow-node", "flow-mapping-no-value");
  const next = parser.next();
  if (!AFTER_KEY.has(next.kind)) return parser.call("flow-node", "flow-mapping-value");
  parser.state = "flow-mapping-value";
  return emptyScalar(next.start);
}

export function flowMappingValue(parser: ParserState): YamlEvent | undefined {
  const token = parser.peek();
  if (token.kind === "value" && !AFTER_VALUE.has(parser.next().kind))
    return parser.call("flow-node", "flow-mapping-key");
  parser.state = "flow-mapping-key";
  return emptyScalar(parser.peek().start);
}

export function flowMappingNoValue(parser: ParserState): YamlEvent {
  parser.state = "flow-mapping-key";
  return emptyScalar(parser.peek().start);
}

function close(parser: ParserState, kind: "sequence-end" | "mapping-end", { start }: Token): YamlEvent {
  parser.back();
  parser.take();
  return bareEvent(kind, start);
}
