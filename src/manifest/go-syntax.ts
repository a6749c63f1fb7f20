// What go-yaml 2 refuses although a YAML 1.2 parser lets it pass (its readerc.go, scannerc.go and parserc.go).

import type { Document } from "yaml";
import type { Span } from "./yaml-tree.ts";

export interface SyntaxFault {
  /** Index into the text. */
  readonly at: number;
  readonly message: string;
}

const FORBIDDEN = /[^\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** A character or a directive that go-yaml stops at. */
export function textFault(text: string, { directives, warnings }: Pick<Document, "directives" | "warnings">) {
  const at = text.search(FORBIDDEN);
  if (at >= 0) return { at, message: "control characters are not allowed" };
  if (directives?.yaml.explicit === true && directives.yaml.version !== "1.1") {
    return { at: 0, message: `a document of YAML ${directives.yaml.version}, where Helm reads 1.1 only` };
  }
  const unknown = warnings.find(({ code }) => code === "BAD_DIRECTIVE");
  return unknown === undefined ? undefined : { at: unknown.pos[0], message: unknown.message };
}

export interface Token {
  /** As written. */
  readonly source: string;
  readonly style: "double" | "other";
  /** Whether it stands inside `{…}` or `[…]`. */
  readonly flow: boolean;
  /** Of its anchor, or of an alias. */
  readonly names: readonly string[];
}

/** Why go-yaml does not scan this scalar, anchor or alias. */
export function tokenFault({ source, style, flow, names }: Token): string | undefined {
  const name = names.find((each) => !/^[0-9A-Za-z_-]+$/.test(each));
  if (name !== undefined) return `the anchor "${name}" has more than letters, digits, - and _ in its name`;
  if (style === "double") {
    const unknown = /(?<!\\)(?:\\\\)*(\\(?:\/|u[dD][89a-fA-F][0-9a-fA-F]{2}))/.exec(source)?.[1];
    return unknown === undefined ? undefined : `found unknown escape character ${unknown}`;
  }
  return flow && source.startsWith("?")
    ? "a plain text inside { } or [ ] must not begin with a question mark"
    : undefined;
}

/** A tab before anything else in a line, even before a comment, unless a scalar or a flow collection goes on there. */
export function tabIndentation(
  lines: string,
  { end, opaque }: { end: number; opaque: readonly Span[] },
): SyntaxFault | undefined {
  for (const { index, 0: blanks } of lines.slice(0, end).matchAll(/^ *\t/gm)) {
    const at = index + blanks.length - 1;
    if (!opaque.some((span) => span.start < at && at < span.end)) {
      return { at, message: "found a tab character that violates indentation" };
    }
  }
  return undefined;
}
