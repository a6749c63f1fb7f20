// A YAML file as plain data, with the line of every node for problems.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { fail, ok, type Problem, type Result } from "../model/problem.ts";

export type DocumentPath = readonly (string | number)[];

export interface YamlDocument {
  readonly value: unknown;
  /** Line, counted from 1, of the key or item at a path, or of its nearest existing ancestor. */
  readonly lineOf: (path: DocumentPath) => number;
}

interface Fault {
  readonly offset: number;
  readonly message: string;
  readonly help: string;
}

/** Far more than any real file has; stops aliases that multiply themselves. */
const MOST_ALIASES = 100;
const DEEPEST = 100;

/** Every fault is a problem `config-invalid` with its line. The value of an empty file is `undefined`. */
export function readYaml(text: string, file: string): Result<YamlDocument> {
  const lines = new LineCounter();
  const documents = parsed(text, lines);
  if (documents === "too deep")
    return fail({
      ...{ code: "config-invalid", message: "This is nested too deeply.", help: "Write it flatter." },
      place: { file, line: 1 },
    });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problemOf = ({ offset, message, help }: Fault): Problem => {
    return { code: "config-invalid", message, help, place: { file, line: lineAt(offset) } };
  };
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (!document) return ok({ value: undefined, lineOf: () => 1 });
  const [first, ...rest] = second ? [secondDocument(second)] : faultsIn(document, text);
  if (first) return fail(problemOf(first), ...rest.map(problemOf));
  const value = plainData(document);
  if (!value.ok) return fail(problemOf(value.fault));
  const pairsOf = remembered();
  return ok({ value: value.data, lineOf: (path) => lineAt(offsetOf(document.contents, path, pairsOf)) });
}

/** The parser is recursive and has no depth limit of its own. */
function parsed(text: string, lineCounter: LineCounter) {
  try {
    return parseAllDocuments(text, { lineCounter, uniqueKeys: true, merge: true, prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) return "too deep";
    throw error;
  }
}

function secondDocument({ range }: Document.Parsed): Fault {
  return {
    offset: range[0],
    message: "There is more than one YAML document.",
    help: "Keep one, without a second ---.",
  };
}

/** Syntax errors; if there are none, what plain data cannot represent. */
function faultsIn(document: Document.Parsed, text: string): readonly Fault[] {
  const faults = [...document.errors, ...document.warnings].map((error) => syntaxFault(error, text));
  return faults.length > 0 ? faults : shapeFaults(document);
}

function syntaxFault({ code, message, pos: [offset] }: YAMLError, text: string): Fault {
  if (code === "DUPLICATE_KEY") {
    const key = /^("[^"]*"|'[^']*'|[^\s:,}\]]+)/.exec(text.slice(offset, offset + 200))?.[0] ?? "";
    return { offset, message: `The key ${key} stands here for a second time.`, help: "Keep one of the two." };
  }
  return {
    offset,
    message: `This is not valid YAML: ${(message.split("\n")[0] ?? "").replace(/\.$/, "")}.`,
    help: "Mend the syntax; nothing in the file is used until then.",
  };
}

function shapeFaults(document: Document.Parsed): readonly Fault[] {
  const faults: Fault[] = [];
  visit(document, {
    Node: (_, node, path) => {
      const offset = node.range?.[0] ?? 0;
      if (path.length > DEEPEST) {
        faults.push({ offset, message: "This is nested too deeply.", help: "Write it flatter." });
        return visit.BREAK;
      }
      if (isAlias(node) && path.some((above) => above === node.resolve(document))) {
        faults.push({
          offset,
          message: `The alias *${node.source} stands inside what it means.`,
          help: "Write the value out.",
        });
      }
      return undefined;
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value !== "__proto__") return undefined;
      if (isAlias(key)) return undefined;
      faults.push({
        offset: startOf(key) ?? 0,
        message: isScalar(key)
          ? "The key __proto__ cannot be used."
          : "A list or a map stands here as a key.",
        help: "Use a plain text as the key.",
      });
      return visit.SKIP;
    },
  });
  return faults;
}

function plainData(
  document: Document.Parsed,
): { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly fault: Fault } {
  try {
    return { ok: true, data: document.toJS({ maxAliasCount: MOST_ALIASES }) };
  } catch (error) {
    const message = `This YAML cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    return {
      ok: false,
      fault: { offset: 0, message, help: "Write the values out instead of using so many aliases." },
    };
  }
}

function offsetOf(contents: Node | null, path: DocumentPath, pairsOf: PairsOf): number {
  let node: unknown = contents;
  let offset = startOf(contents) ?? 0;
  for (const part of path) {
    const next = step(node, part, pairsOf);
    if (!next) return offset;
    offset = next.offset ?? offset;
    node = next.node;
  }
  return offset;
}

/** The pairs of a map by key; of duplicates the first. */
type PairsOf = (map: YAMLMap) => ReadonlyMap<string, Pair>;

/** Caches the pairs of each map, since every problem asks for a line. */
function remembered(): PairsOf {
  const known = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();
  return (map) => {
    const pairs = known.get(map) ?? new Map(map.items.toReversed().flatMap(named));
    known.set(map, pairs);
    return pairs;
  };
}

function named(pair: Pair): readonly (readonly [string, Pair])[] {
  return isScalar(pair.key) ? [[String(pair.key.value), pair]] : [];
}

function step(
  node: unknown,
  part: string | number,
  pairsOf: PairsOf,
): { readonly node: unknown; readonly offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = pairsOf(node).get(String(part));
    return pair ? { node: pair.value, offset: startOf(pair.key) } : undefined;
  }
  if (isSeq(node) && typeof part === "number") {
    const item = node.items[part];
    return item === undefined ? undefined : { node: item, offset: startOf(item) };
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}
