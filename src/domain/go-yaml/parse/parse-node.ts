// One node with its anchor and tag (go-yaml 2, parserc.go, yaml_parser_parse_node).

import { bareToken, type Token, type TokenKind } from "../scan/token.ts";
import type { Mark } from "../yaml-fault.ts";
import type { EventKind, YamlEvent } from "./event.ts";
import type { ParserState, State } from "./parser-state.ts";

type Place = "flow" | "block" | "block-or-list";

interface Collection {
  readonly kind: EventKind;
  readonly state: State;
}

const FLOW: Partial<Record<TokenKind, Collection>> = {
  "flow-sequence-start": { kind: "sequence-start", state: "flow-sequence-first" },
  "flow-mapping-start": { kind: "mapping-start", state: "flow-mapping-first" },
};
const BLOCK: Partial<Record<TokenKind, Collection>> = {
  ...FLOW,
  "block-sequence-start": { kind: "sequence-start", state: "block-sequence-first" },
  "block-mapping-start": { kind: "mapping-start", state: "block-mapping-first" },
};
/** A list as a mapping's value may stand as deep as the mapping: it has no beginning of its own. */
const BLOCK_OR_LIST: Partial<Record<TokenKind, Collection>> = {
  ...BLOCK,
  "block-entry": { kind: "sequence-start", state: "list" },
};
const COLLECTIONS = { flow: FLOW, block: BLOCK, "block-or-list": BLOCK_OR_LIST };

export function nodeIn(place: Place): (parser: ParserState) => YamlEvent | undefined {
  return (parser) => readNode(parser, place);
}

function readNode(parser: ParserState, place: Place): YamlEvent | undefined {
  const first = parser.peek();
  if (first.kind === "alias") {
    parser.back();
    parser.take();
    return eventOf("alias", first, { anchor: first.value, tag: "" });
  }
  const properties = readProperties(parser, first);
  const token = parser.peek();
  const collection = COLLECTIONS[place][token.kind];
  if (collection !== undefined) {
    parser.state = collection.state;
    return eventOf(collection.kind, token, properties);
  }
  if (token.kind === "scalar") {
    parser.back();
    parser.take();
    return eventOf("scalar", token, properties);
  }
  if (properties === NO_PROPERTIES) return parser.fail("did not find expected node content", token.start);
  parser.back();
  return eventOf("scalar", bareToken("scalar", first.start), properties);
}

interface Properties {
  readonly anchor: string;
  readonly tag: string;
  /** Position of the first of them; absent when there is none. */
  readonly start?: Mark;
}

const NO_PROPERTIES: Properties = { anchor: "", tag: "" };

/** An anchor and a tag, in either order, each once. */
function readProperties(parser: ParserState, first: Token): Properties {
  let anchor: Token | undefined;
  let tag: Token | undefined;
  let token = first;
  while ((token.kind === "anchor" && !anchor) || (token.kind === "tag" && !tag)) {
    if (token.kind === "anchor") anchor = token;
    else tag = token;
    token = parser.next();
  }
  if (token === first) return NO_PROPERTIES;
  const written = tag === undefined ? "" : writtenOut(parser, tag);
  return { anchor: anchor?.value ?? "", tag: written, start: first.start };
}

function writtenOut(parser: ParserState, { value, suffix, start }: Token): string {
  if (value === "") return suffix;
  const prefix = parser.tagPrefixes.get(value);
  if (prefix === undefined) parser.fail("found undefined tag handle", start);
  return `${prefix ?? ""}${suffix}`;
}

function eventOf(kind: EventKind, token: Token, { anchor, tag, start = token.start }: Properties): YamlEvent {
  const { value, style } = token;
  const implicit = (tag === "" && style === "plain") || tag === "!";
  return { kind, start, anchor, tag, value, implicit };
}
