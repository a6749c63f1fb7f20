// Directives: `%YAML` and `%TAG` (go-yaml 2, scannerc.go). Any other one is a fault.

import type { SourceText } from "../source.ts";
import { codeOf, isBlank, isBlankOrEnd, isDigit } from "./characters.ts";
import { readHandle, readUri, readWord } from "./scan-tag.ts";
import type { Token } from "./token.ts";

const LONGEST_NUMBER = 2;

/** `%YAML 1.1` or `%TAG !handle! prefix`, with the rest of its line. */
export function scanDirective(source: SourceText): Token {
  const start = source.mark();
  source.skip();
  const name = readWord(source);
  if (name === "") source.fail("scanner", "could not find expected directive name");
  if (!isBlankOrEnd(source.code())) source.fail("scanner", "found unexpected non-alphabetical character");
  const directive =
    name === "YAML" ? readVersion(source) : name === "TAG" ? readTagDirective(source) : undefined;
  if (directive === undefined) source.fail("scanner", "found unknown directive name");
  source.skipRestOfLine();
  const { kind, value, suffix } = directive ?? { kind: "tag-directive", value: "", suffix: "" };
  return { kind, start, value, suffix, style: "plain" };
}

function readVersion(source: SourceText) {
  source.skipBlanks();
  const major = readNumber(source);
  if (source.code() !== codeOf(".")) source.fail("scanner", "did not find expected digit or '.' character");
  source.skip();
  const minor = readNumber(source);
  return { kind: "version-directive", value: `${major}.${minor}`, suffix: "" } as const;
}

function readNumber(source: SourceText): number {
  source.need(1);
  let value = 0;
  let length = 0;
  while (isDigit(source.code())) {
    length += 1;
    if (length > LONGEST_NUMBER) {
      source.fail("scanner", "found extremely long version number");
      return 0;
    }
    value = value * 10 + source.code() - codeOf("0");
    source.skip();
    source.need(1);
  }
  if (length === 0) source.fail("scanner", "did not find expected version number");
  return value;
}

function readTagDirective(source: SourceText) {
  source.skipBlanks();
  const value = readHandle(source);
  if (value !== "!" && !value.endsWith("!")) source.fail("scanner", "did not find expected '!'");
  source.need(1);
  if (!isBlank(source.code())) source.fail("scanner", "did not find expected whitespace");
  source.skipBlanks();
  const suffix = readUri(source, "");
  source.need(1);
  if (!isBlankOrEnd(source.code())) source.fail("scanner", "did not find expected whitespace or line break");
  return { kind: "tag-directive", value, suffix } as const;
}
