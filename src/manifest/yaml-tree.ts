// The first document of a YAML text as nodes that know where their own characters stand.
// Which texts are readable, and where lines break, follows the reader that Helm uses (go-yaml 2), not YAML 1.2.

import {
  Composer,
  isAlias,
  isPair,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  type Pair as YamlPair,
} from "yaml";
import { fail, ok, type Problem, type ProblemCode, type Result } from "../model/problem.ts";
import { resolveScalar } from "./go-scalar.ts";

export type Node = Scalar | Mapping | Sequence | Alias;

interface Span {
  /** Where the node's own text begins, behind its anchor and tag; an index into the file's text. */
  readonly start: number;
  /** Where it ends, before the blanks and the comment behind it. */
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

export interface Tree {
  readonly file: string;
  readonly text: string;
  /** Absent when the file holds nothing but comments. */
  readonly root?: Node;
  /** Every alias, in the order of the text. */
  readonly aliases: readonly Alias[];
}

/**
 * Reads the first document, the only one Helm looks at; what follows it is never touched.
 * `code` is what an unreadable text is reported as.
 */
export function readTree(file: string, text: string, code: ProblemCode = "manifest-invalid"): Result<Tree> {
  const document = firstDocument(text);
  if (document === undefined) return ok({ file, text, aliases: [] });
  const error = document.errors[0];
  if (error !== undefined) return fail(unreadable({ file, text, code }, error.pos[0], error.message));
  const reader = new Reader();
  try {
    const root = document.contents === null ? undefined : reader.read(document.contents);
    return ok(
      root === undefined ? { file, text, aliases: [] } : { file, text, root, aliases: reader.aliases },
    );
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return fail(unreadable({ file, text, code }, error.at, error.message));
  }
}

/** The line, counted from 1, that holds this index; line breaks are those of go-yaml. */
export function lineAt(text: string, index: number): number {
  return (breakLines(text.slice(0, index)).match(/\n/g)?.length ?? 0) + 1;
}

/** The node itself, or the one an alias stands for. */
export function dereference(node: Node): Exclude<Node, Alias> {
  return node.kind === "alias" ? node.target : node;
}

/** `<<`, unquoted: its value is laid over the mapping that holds it. */
export function isMergeKey(key: Node): boolean {
  if (key.kind !== "scalar" || key.text !== "<<") return false;
  return key.tag === undefined ? key.style === "plain" : key.tag === "tag:yaml.org,2002:merge";
}

/** What a merge key's value lays over its mapping, the first of a list last: it wins. */
export function mergeSources(value: Node): readonly Exclude<Node, Alias>[] {
  if (value.kind !== "sequence") return [dereference(value)];
  return value.items.map(dereference).reverse();
}

/** Replaces the line breaks that YAML 1.1 knows and YAML 1.2 does not, one character for one: indexes stay. */
function breakLines(text: string): string {
  return text.replace(/\r(?!\n)|[\u0085\u2028\u2029]/g, "\n");
}

function firstDocument(text: string) {
  const composer = new Composer({
    schema: "failsafe",
    version: "1.1",
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  for (const document of composer.compose(new Parser().parse(breakLines(text)))) return document;
  return undefined;
}

interface Origin {
  readonly file: string;
  readonly text: string;
  readonly code: ProblemCode;
}

function unreadable({ file, text, code }: Origin, at: number, reason: string): Problem {
  const line = lineAt(text, at);
  const template = templateLine(text);
  return template === undefined
    ? {
        code,
        message: `${file} cannot be read as YAML: ${reason} (line ${line}).`,
        help: "Correct the file so that Helm can load it.",
        place: { file, line },
      }
    : {
        code,
        message: `${file} holds a template ({{ … }}) in line ${template}: it is not the file that Helm reads.`,
        help: "Render the template, or keep the dependency in a file without one.",
        place: { file, line: template },
      };
}

function templateLine(text: string): number | undefined {
  const lines = breakLines(text).split("\n");
  const index = lines.findIndex((line) => /^[^#]*\{\{/.test(line));
  return index < 0 ? undefined : index + 1;
}

class Unreadable extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** More nodes than this, counted with every alias written out, are an attack and not a chart. */
const MAX_NODES = 200_000;

/**
 * Turns the library's nodes into ours, in the order of the text, so that an alias finds the nearest anchor before it.
 * Throws Unreadable where go-yaml or its conversion to JSON refuses what the library has let pass.
 */
class Reader {
  readonly aliases: Alias[] = [];
  readonly #anchors = new Map<string, Exclude<Node, Alias>>();
  readonly #weights = new Map<Node, number>();
  #nodes = 0;

  read(node: ParsedNode): Node {
    const before = this.#nodes;
    const read = this.#convert(node);
    this.#nodes += read.kind === "alias" ? (this.#weights.get(read.target) ?? 0) : 1;
    if (this.#nodes > MAX_NODES) throw new Unreadable(read.start, "the document contains excessive aliasing");
    if (read.kind !== "alias" && read.anchor !== undefined) {
      this.#anchors.set(read.anchor, read);
      this.#weights.set(read, this.#nodes - before);
    }
    return read;
  }

  #convert(node: ParsedNode): Node {
    const span = spanOf(node);
    if (isAlias(node)) return this.#alias(span, node.source);
    if (isScalar(node))
      return decodable({ ...span, kind: "scalar", style: styleOf(node.type), text: String(node.value) });
    if (isSeq(node)) {
      return {
        ...span,
        kind: "sequence",
        flow: node.flow === true,
        items: node.items.map((item) => this.#item(item)),
      };
    }
    const pairs = node.items.map(({ key, value }) => this.#pair(key, value));
    return { ...span, kind: "mapping", flow: node.flow === true, pairs };
  }

  #alias(span: Span, name: string): Alias {
    const target = this.#anchors.get(name);
    if (target === undefined) throw new Unreadable(span.start, `unknown anchor "${name}" referenced`);
    const alias: Alias = { ...span, kind: "alias", name, target };
    this.aliases.push(alias);
    return alias;
  }

  #pair(key: ParsedNode, value: ParsedNode | null): Pair {
    const pair = { key: this.read(key) };
    const name = dereference(pair.key);
    if (name.kind !== "scalar" || resolveScalar(name) === null) {
      throw new Unreadable(pair.key.start, "a key must be a text, a number or a boolean");
    }
    const full = { ...pair, value: value === null ? emptyAt(pair.key.end) : this.read(value) };
    if (isMergeKey(full.key) && !mergeSources(full.value).every((source) => source.kind === "mapping")) {
      throw new Unreadable(full.value.start, "map merge requires map or sequence of maps as the value");
    }
    return full;
  }

  /** A pair written straight into a list, as in `[a: 1]`, is a mapping of its own. */
  #item(item: ParsedNode | YamlPair<ParsedNode, ParsedNode | null>): Node {
    if (!isPair<ParsedNode, ParsedNode | null>(item)) return this.read(item);
    const pair = this.#pair(item.key, item.value);
    return { kind: "mapping", flow: true, pairs: [pair], start: pair.key.start, end: pair.value.end };
  }
}

function decodable(scalar: Scalar): Scalar {
  if (resolveScalar(scalar) !== undefined) return scalar;
  throw new Unreadable(scalar.start, `cannot decode "${scalar.text}" as a ${scalar.tag}`);
}

function spanOf(node: ParsedNode): Span {
  const [start, end] = node.range;
  return {
    start,
    end,
    ...(!isAlias(node) && node.anchor !== undefined && { anchor: node.anchor }),
    ...(node.tag !== undefined && { tag: node.tag }),
  };
}

function styleOf(type: string | undefined): Scalar["style"] {
  if (type === "QUOTE_SINGLE") return "single";
  if (type === "QUOTE_DOUBLE") return "double";
  return type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED" ? "block" : "plain";
}

function emptyAt(index: number): Scalar {
  return { kind: "scalar", style: "plain", text: "", start: index, end: index };
}
