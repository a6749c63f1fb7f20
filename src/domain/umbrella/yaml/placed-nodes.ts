// The nodes of any text, as the `yaml` package finds them.

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
import { joinQuotedLines } from "./quoted-breaks.ts";
import {
  type Alias,
  breakLines,
  type Node,
  type Pair,
  type Scalar,
  type Span,
  type YamlTree,
} from "./yaml-tree.ts";

/** Readings of the first document, one for each interpretation of its line breaks, the most likely first. */
export function* placedNodes(
  text: string,
  limits: { readonly nodes: number },
): Generator<Pick<YamlTree, "root" | "aliases">> {
  for (const spelling of spellings(text)) {
    const reader = new Reader(text, limits.nodes);
    const contents = firstContents(spelling);
    const root = contents === undefined ? undefined : reader.read(contents);
    yield { aliases: reader.aliases, ...(root !== undefined && { root }) };
  }
}

/**
 * The text with line breaks that only YAML 1.1 knows replaced, one character for one, so that a YAML 1.2 parser reads
 * what Helm's reader does: as line breaks where they end lines; unchanged, or as blanks, inside of quoted text.
 */
function* spellings(text: string): Generator<string> {
  yield* new Set([breakLines(text), text, breakLines(text, " ")]);
  const joined = joinQuotedLines(text);
  if (joined !== text) yield joined;
}

/** Parse errors are ignored here: the result is compared with the other reader's. */
function firstContents(text: string): ParsedNode | undefined {
  const composer = new Composer({
    schema: "failsafe",
    version: "1.1",
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  for (const { contents } of composer.compose(new Parser().parse(text))) return contents ?? undefined;
  return undefined;
}

/** Converts the library's nodes. An alias refers to the nearest anchor before it, even inside of another node. */
class Reader {
  readonly aliases: Alias[] = [];
  readonly #text: string;
  readonly #most: number;
  readonly #anchors = new Map<string, Exclude<Node, Alias>>();
  readonly #weights = new Map<Node, number>();
  #nodes = 0;

  constructor(text: string, most: number) {
    this.#text = text;
    this.#most = most;
  }

  read(node: ParsedNode): Node {
    const before = this.#nodes;
    const read = this.#convert(node);
    this.#nodes += read.kind === "alias" ? (this.#weights.get(read.target) ?? 0) : 1;
    if (read.kind !== "alias" && read.anchor !== undefined) {
      const inner = this.#anchors.get(read.anchor);
      if (inner === undefined || inner.start < read.start) this.#anchors.set(read.anchor, read);
      this.#weights.set(read, this.#nodes - before);
    }
    return read;
  }

  #convert(node: ParsedNode): Node {
    const span = spanOf(node);
    if (isAlias(node)) return this.#alias(span, node.source);
    if (isScalar(node)) {
      const style = styleOf(node.type);
      return { ...span, kind: "scalar", style, text: this.#textOf(String(node.value), style, span) };
    }
    const flow = node.flow === true;
    return isSeq(node)
      ? { ...span, kind: "sequence", flow, items: node.items.map((item) => this.#item(item)) }
      : { ...span, kind: "mapping", flow, pairs: node.items.map(({ key, value }) => this.#pair(key, value)) };
  }

  /** A block scalar at the end of a text without a final line break has none either. */
  #textOf(text: string, style: Scalar["style"], { end }: Span): string {
    const isUnended =
      style === "block" && end === this.#text.length && !/[\r\n\u0085\u2028\u2029]$/.test(this.#text);
    return isUnended ? text.replace(/\n$/, "") : text;
  }

  /**
   * An alias without a target, or whose target is too large, is read as empty: Helm's reader cannot have accepted it.
   */
  #alias(span: Span, name: string): Node {
    const target = this.#anchors.get(name);
    const weight = (target && this.#weights.get(target)) ?? Number.POSITIVE_INFINITY;
    if (target === undefined || this.#nodes + weight > this.#most) return emptyAt(span.start);
    const alias: Alias = { ...span, kind: "alias", name, target };
    this.aliases.push(alias);
    return alias;
  }

  #pair(key: ParsedNode, value: ParsedNode | null): Pair {
    const name = this.read(key);
    return { key: name, value: value === null ? emptyAt(name.end) : this.read(value) };
  }

  /** A pair written straight into a list, as in `[a: 1]`, is a mapping of its own. */
  #item(item: ParsedNode | YamlPair<ParsedNode, ParsedNode | null>): Node {
    if (!isPair<ParsedNode, ParsedNode | null>(item)) return this.read(item);
    const pair = this.#pair(item.key, item.value);
    return { kind: "mapping", flow: true, pairs: [pair], start: pair.key.start, end: pair.value.end };
  }
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
