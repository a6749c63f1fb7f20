// A YAML file as plain data, with the line of everything in it, so that every complaint can name its place.

import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";
import { fail, ok, type Place, type Problem, type Result } from "../model/problem.ts";

export type Path = readonly (string | number)[];

export interface YamlDocument {
  readonly value: unknown;
  /** Line, from 1, of the key or item that a path names, or of the nearest thing above it that is there. */
  readonly lineOf: (path: Path) => number;
}

/** Many times more than any real file holds; an alias that multiplies itself is cut off here. */
const MOST_ALIASES = 100;

/** Every syntax error is a problem `config-invalid` with its line. An empty file is `undefined`. */
export function readYaml(text: string, file: string): Result<YamlDocument> {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: true,
    prettyErrors: false,
  });
  const [document, second] = Array.isArray(documents) ? documents : [];
  if (second) {
    return fail(
      bad(
        { file, line: lines.linePos(second.range[0]).line },
        "There is more than one YAML document.",
        "Keep one, without a second ---.",
      ),
    );
  }
  const errors = (document?.errors ?? []).map(({ message, pos }) =>
    bad(
      { file, line: lines.linePos(pos[0]).line },
      `This is not valid YAML: ${message.split("\n")[0]}.`,
      "Mend the syntax; nothing in the file is used until then.",
    ),
  );
  const [first, ...rest] = errors;
  if (first) return fail(first, ...rest);
  try {
    const value: unknown = document?.toJS({ maxAliasCount: MOST_ALIASES });
    const contents = document?.contents ?? null;
    return ok({ value, lineOf: (path) => lines.linePos(offsetOf(contents, path)).line });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return fail(
      bad(
        { file, line: 1 },
        `This YAML cannot be read: ${message}.`,
        "Write the values out instead of using so many aliases.",
      ),
    );
  }
}

function bad(place: Place, message: string, help: string): Problem {
  return { code: "config-invalid", message, help, place };
}

function offsetOf(contents: Node | null, path: Path): number {
  let node: unknown = contents;
  let offset = startOf(contents) ?? 0;
  for (const part of path) {
    const next = step(node, part);
    if (!next) return offset;
    offset = next.offset ?? offset;
    node = next.node;
  }
  return offset;
}

function step(
  node: unknown,
  part: string | number,
): { readonly node: unknown; readonly offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair && isPair(pair) ? { node: pair.value, offset: startOf(pair.key) } : undefined;
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
