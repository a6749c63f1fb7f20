// Why go-yaml does not read a text.

/** A place in a text, all counted from 0. */
export interface Mark {
  /** Index into the text, in UTF-16 code units. */
  readonly at: number;
  readonly line: number;
  /** Characters, an astral one counted once. */
  readonly column: number;
  /** Characters from the beginning, an astral one counted once. */
  readonly index: number;
}

export interface YamlFault {
  /**
   * Where it was found: where a stream is parted into documents, in the characters, the tokens, the grammar, the
   * values, the JSON that is made of them, or in what the caller allows.
   */
  readonly kind: "stream" | "reader" | "scanner" | "parser" | "value" | "json" | "limit";
  /** In go-yaml's words, without the line. */
  readonly message: string;
  /** Counted from 1; where reading stopped, which may be behind the mistake. */
  readonly line: number;
  /** Counted from 1, in characters. */
  readonly column: number;
}

export function faultAt(
  kind: YamlFault["kind"],
  message: string,
  { line, column }: Pick<Mark, "line" | "column">,
): YamlFault {
  return { kind, message, line: line + 1, column: column + 1 };
}

export function yamlFaultOnLine(kind: YamlFault["kind"], message: string, line: number): YamlFault {
  return { kind, message, line, column: 1 };
}

/**
 * What Helm prints for this fault. go-yaml 2 counts lines from 0 in its parser and from 1 in its scanner, and leaves
 * out a line that is 0 (decode.go, `fail`): its number may be one less than the true line.
 */
export function goYamlError({ kind, message, line }: YamlFault): string {
  if (kind === "stream" || kind === "json") return message;
  const counted = kind === "scanner" && line > 1 ? line : kind === "parser" ? line - 1 : 0;
  return counted === 0 ? `yaml: ${message}` : `yaml: line ${counted}: ${message}`;
}
