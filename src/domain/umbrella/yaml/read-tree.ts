// Reads the first document of a YAML text the way Helm's reader (go-yaml 2) does. Two parsers that know nothing of each
// other read it: the one in domain/go-yaml says what Helm reads, the `yaml` package where everything stands. What they do
// not agree on is refused, so an edit that is made by the places of the one is proved by the values of the other.

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
import { readYaml } from "../../go-yaml/read-yaml.ts";
import type { YamlLimits } from "../../go-yaml/yaml-limits.ts";
import { fail, ok, type ProblemCode, type Result } from "../../model/problem.ts";
import { disagreement } from "./disagreement.ts";
import { joinQuotedLines } from "./quoted-breaks.ts";
import { uneditable, unreadable } from "./unreadable.ts";
import {
  type Alias,
  breakLines,
  lineAt,
  type Node,
  type Pair,
  type Scalar,
  type Span,
  type YamlTree,
} from "./yaml-tree.ts";

/** More is an attack and not a chart; nodes are counted with every alias written out. */
const LIMITS: YamlLimits = {
  length: 8 * 1024 * 1024,
  nodes: 200_000,
  depth: 500,
  textLength: 8 * 1024 * 1024,
};

/**
 * Reads the first document, the only one Helm looks at; what follows it is never touched.
 * `code` is what an unreadable text is reported as.
 */
export function readTree(
  file: string,
  text: string,
  code: ProblemCode = "manifest-invalid",
): Result<YamlTree> {
  const origin = { file, text, code };
  const read = readYaml(text, { integers: "exact", limits: LIMITS });
  if (!read.ok) return fail(unreadable(origin, read.fault));
  let odd: Pick<Node, "start"> | undefined;
  for (const spelling of spellings(text)) {
    const reader = new Reader(text);
    const contents = firstContents(spelling);
    const root = contents === undefined ? undefined : reader.read(contents);
    const found = disagreement(root, read.value);
    if (found === undefined)
      return ok({ file, text, aliases: reader.aliases, ...(root !== undefined && { root }) });
    odd ??= found;
  }
  return fail(uneditable(origin, lineAt(text, odd?.start ?? 0)));
}

/**
 * The text with the line breaks that YAML 1.2 does not know written so that its parser may see what Helm's reader sees, one
 * character for one: as line breaks, where they end lines; as they are, or as blanks, where they stand in a quoted text.
 */
function* spellings(text: string): Generator<string> {
  yield* new Set([breakLines(text), text, breakLines(text, " ")]);
  const joined = joinQuotedLines(text);
  if (joined !== text) yield joined;
}

/** Errors of this parser do not matter: what it makes of the text is compared. */
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

/** Turns the library's nodes into ours. An alias finds the anchor that begins nearest before it, also within another one. */
class Reader {
  readonly aliases: Alias[] = [];
  readonly #text: string;
  readonly #anchors = new Map<string, Exclude<Node, Alias>>();
  readonly #weights = new Map<Node, number>();
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
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

  /** A block scalar at the end of a text that has no last line break has none either. */
  #textOf(text: string, style: Scalar["style"], { end }: Span): string {
    const isUnended =
      style === "block" && end === this.#text.length && !/[\r\n\u0085\u2028\u2029]$/.test(this.#text);
    return isUnended ? text.replace(/\n$/, "") : text;
  }

  /** An alias that Helm's reader cannot have read so is read as nothing. */
  #alias(span: Span, name: string): Node {
    const target = this.#anchors.get(name);
    const weight = (target && this.#weights.get(target)) ?? Number.POSITIVE_INFINITY;
    if (target === undefined || this.#nodes + weight > LIMITS.nodes) return emptyAt(span.start);
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
