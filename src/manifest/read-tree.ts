// Reads the first document of a YAML text the way Helm's reader (go-yaml 2) does: what the two of them would read
// differently, or only one of them would read, is refused.

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
import { tabIndentation, textFault, tokenFault } from "./go-syntax.ts";
import {
  type Alias,
  breakLines,
  dereference,
  isMergeKey,
  lineAt,
  mergeSources,
  type Node,
  type Pair,
  type Scalar,
  type Span,
  type Tree,
} from "./yaml-tree.ts";

/**
 * Reads the first document, the only one Helm looks at; what follows it is never touched.
 * `code` is what an unreadable text is reported as.
 */
export function readTree(file: string, text: string, code: ProblemCode = "manifest-invalid"): Result<Tree> {
  const origin = { file, text, code };
  const document = firstDocument(text);
  if (document === undefined) return ok({ file, text, aliases: [] });
  const error = document.errors.find(({ message }) => !isTolerated(message));
  if (error !== undefined) return fail(unreadable(origin, { at: error.pos[0], message: error.message }));
  const fault = textFault(text, document);
  if (fault !== undefined) return fail(unreadable(origin, fault));
  const reader = new Reader(text);
  try {
    const root = document.contents === null ? undefined : reader.read(document.contents);
    const tab = tabIndentation(breakLines(text), { end: document.range[1], opaque: reader.opaque });
    if (tab !== undefined) return fail(unreadable(origin, tab));
    return ok({ file, text, aliases: reader.aliases, ...(root !== undefined && { root }) });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return fail(unreadable(origin, error));
  }
}

/** What YAML 1.2 forbids and go-yaml reads all the same. */
function isTolerated(message: string): boolean {
  return /^Flow (map|sequence) in block collection must be|^Comments must be separated/.test(message);
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

function unreadable({ file, text, code }: Origin, { at, message }: { at: number; message: string }): Problem {
  const template = firstLine(text, /^[^#]*\{\{/);
  if (template !== undefined) {
    return {
      code,
      message: `${file} holds a template ({{ … }}) in line ${template}: it is not the file that Helm reads.`,
      help: "Render the template, or keep the dependency in a file without one.",
      place: { file, line: template },
    };
  }
  const conflict = firstLine(text, /^(<{7}|>{7}) /);
  const line = conflict ?? lineAt(text, at);
  const reason = conflict === undefined ? message : "it holds the marks of a merge conflict";
  return {
    code,
    message: `${file} cannot be read as YAML: ${reason} (line ${line}).`,
    help: "Correct the file so that Helm can load it.",
    place: { file, line },
  };
}

function firstLine(text: string, pattern: RegExp): number | undefined {
  const index = breakLines(text)
    .split("\n")
    .findIndex((line) => pattern.test(line));
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
  /** Scalars and flow collections: inside them a tab is no indentation. */
  readonly opaque: Span[] = [];
  readonly #text: string;
  readonly #anchors = new Map<string, Exclude<Node, Alias>>();
  readonly #weights = new Map<Node, number>();
  #nodes = 0;
  #flowDepth = 0;

  constructor(text: string) {
    this.#text = text;
  }

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
    this.#check(node, span);
    if (isScalar(node)) {
      this.opaque.push(span);
      return decodable({ ...span, kind: "scalar", style: styleOf(node.type), text: String(node.value) });
    }
    const flow = node.flow === true;
    if (flow) this.opaque.push(span);
    if (flow && !/[\]}]/.test(this.#text[span.end - 1] ?? ""))
      throw new Unreadable(span.start, "unclosed bracket");
    this.#flowDepth += flow ? 1 : 0;
    const collection: Node = isSeq(node)
      ? { ...span, kind: "sequence", flow, items: node.items.map((item) => this.#item(item)) }
      : { ...span, kind: "mapping", flow, pairs: node.items.map(({ key, value }) => this.#pair(key, value)) };
    this.#flowDepth -= flow ? 1 : 0;
    return collection;
  }

  #check(node: ParsedNode, { start, end, anchor }: Span): void {
    const isQuoted = isScalar(node) && node.type === "QUOTE_DOUBLE";
    const isPlain = isScalar(node) && node.type === "PLAIN";
    const fault = tokenFault({
      source: isQuoted || isPlain ? this.#text.slice(start, end) : "",
      style: isQuoted ? "double" : "other",
      flow: this.#flowDepth > 0,
      names: anchor === undefined ? [] : [anchor],
    });
    if (fault !== undefined) throw new Unreadable(start, fault);
  }

  #alias(span: Span, name: string): Alias {
    const fault = tokenFault({ source: "", style: "other", flow: false, names: [name] });
    if (fault !== undefined) throw new Unreadable(span.start, fault);
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
