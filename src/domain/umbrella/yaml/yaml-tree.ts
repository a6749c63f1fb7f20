// The nodes of a YAML document with their positions in the text.

export type Node = Scalar | Mapping | Sequence | Alias;

export interface Span {
  /** Start of the node's own text, after its anchor and tag; an index into the file's text. */
  readonly start: number;
  /** End of its text, before any blanks and comment. */
  readonly end: number;
  readonly anchor?: string;
  readonly tag?: string;
}

export interface Scalar extends Span {
  readonly kind: "scalar";
  readonly style: "plain" | "single" | "double" | "block";
  /** Unquoted and unfolded, not yet resolved to a number or a boolean. */
  readonly text: string;
}

export interface Pair {
  readonly key: Node;
  /** An empty plain scalar where nothing is written. */
  readonly value: Node;
}

export interface Mapping extends Span {
  readonly kind: "mapping";
  readonly flow: boolean;
  readonly pairs: readonly Pair[];
}

export interface Sequence extends Span {
  readonly kind: "sequence";
  readonly flow: boolean;
  readonly items: readonly Node[];
}

export interface Alias extends Span {
  readonly kind: "alias";
  readonly name: string;
  readonly target: Exclude<Node, Alias>;
}

export interface YamlTree {
  readonly file: string;
  readonly text: string;
  /** Absent when the file holds nothing but comments. */
  readonly root?: Node;
  /** Every alias, in the order of the text. */
  readonly aliases: readonly Alias[];
}

/** The line, counted from 1, that holds this index; line breaks are those of go-yaml. */
export function lineAt(text: string, index: number): number {
  return (breakLines(text.slice(0, index)).match(/\n/g)?.length ?? 0) + 1;
}

/** The node itself, or the target of an alias. */
export function dereference(node: Node): Exclude<Node, Alias> {
  return node.kind === "alias" ? node.target : node;
}

/** `<<`, unquoted: its value is merged into the mapping that contains it. */
export function isMergeKey(key: Node): boolean {
  if (key.kind !== "scalar" || key.text !== "<<") return false;
  return key.tag === undefined ? key.style === "plain" : key.tag === "tag:yaml.org,2002:merge";
}

/** The sources of a merge key in the order of merging: of a list the first comes last, since it wins. */
export function mergeSources(value: Node): readonly Exclude<Node, Alias>[] {
  if (value.kind !== "sequence") return [dereference(value)];
  return value.items.map(dereference).reverse();
}

/**
 * Replaces the line breaks that YAML 1.1 knows and YAML 1.2 does not (CR, NEL, LS, PS, as in Helm's reader), one
 * character for one, so that indexes stay.
 */
export function breakLines(text: string, as: "\n" | " " = "\n"): string {
  return text.replace(/\r(?!\n)|[\u0085\u2028\u2029]/g, as);
}
