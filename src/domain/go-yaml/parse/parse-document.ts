// Documents and their directives (go-yaml 2, parserc.go).

import type { Token, TokenKind } from "../scan/token.ts";
import { bareEvent, emptyScalar, type YamlEvent } from "./event.ts";
import type { ParserState } from "./parser-state.ts";

const DIRECTIVES = new Set<TokenKind>(["version-directive", "tag-directive"]);
const BEFORE_DOCUMENT = new Set<TokenKind>([...DIRECTIVES, "document-start", "stream-end"]);
const AFTER_DOCUMENT = new Set<TokenKind>([...BEFORE_DOCUMENT, "document-end"]);

const DEFAULT_PREFIXES = [
  ["!", "!"],
  ["!!", "tag:yaml.org,2002:"],
] as const;

/** The first document may do without `---`. */
export function firstDocument(parser: ParserState): YamlEvent | undefined {
  const token = parser.peek();
  if (BEFORE_DOCUMENT.has(token.kind)) return document(parser);
  readDirectives(parser);
  parser.call("block-node", "document-end");
  return bareEvent("document-start", token.start);
}

export function document(parser: ParserState): YamlEvent | undefined {
  let token = parser.peek();
  while (token.kind === "document-end") token = parser.next();
  if (token.kind === "stream-end") {
    parser.state = "end";
    return bareEvent("stream-end", token.start);
  }
  const { start } = token;
  token = readDirectives(parser);
  if (token.kind !== "document-start")
    return parser.fail("did not find expected <document start>", token.start);
  parser.take();
  parser.call("document-content", "document-end");
  return bareEvent("document-start", start);
}

export function documentContent(parser: ParserState): YamlEvent | undefined {
  const token = parser.peek();
  if (AFTER_DOCUMENT.has(token.kind)) {
    parser.back();
    return emptyScalar(token.start);
  }
  parser.state = "block-node";
  return undefined;
}

export function documentEnd(parser: ParserState): YamlEvent {
  const { kind, start } = parser.peek();
  parser.state = "document";
  parser.tagPrefixes.clear();
  if (kind !== "document-end") return bareEvent("document-end", start);
  parser.take();
  return bareEvent("document-end", start);
}

/** The token behind the directives. */
function readDirectives(parser: ParserState): Token {
  let token = parser.peek();
  let hasVersion = false;
  while (DIRECTIVES.has(token.kind)) {
    if (token.kind === "version-directive") {
      if (hasVersion) parser.fail("found duplicate %YAML directive", token.start);
      if (token.value !== "1.1") parser.fail("found incompatible YAML document", token.start);
      hasVersion = true;
    } else {
      if (parser.tagPrefixes.has(token.value)) parser.fail("found duplicate %TAG directive", token.start);
      parser.tagPrefixes.set(token.value, token.suffix);
    }
    token = parser.next();
  }
  for (const [handle, prefix] of DEFAULT_PREFIXES)
    if (!parser.tagPrefixes.has(handle)) parser.tagPrefixes.set(handle, prefix);
  return token;
}
