// Parses a block-style index.yaml line by line, by indentation alone: in YAML nothing that belongs to a mapping's value
// can be at or left of the mapping's keys, so an entry ends at a line that begins no deeper than its dash. Ambiguous
// layouts are reported as `unsupported`, for a real parser.

import { copyString } from "../copy-string.ts";
import { badIndex } from "../index-content.ts";
import type { PieceReader } from "../piece-reader.ts";

/** One entry of the index: its lines, with the dash of the first one replaced by a space. */
export interface BlockEntry {
  /** As bytes in latin1, like all text here. */
  readonly lines: readonly string[];
  /** Column of the entry's own keys; -1 when its first line has none. */
  readonly column: number;
}

/** Returns `unsupported` for an entry that needs a parser of the whole index. */
export type EntryTaker = (chart: string, entry: BlockEntry) => "taken" | "unsupported";

export class BlockIndex implements PieceReader {
  readonly #take: EntryTaker;
  readonly #charts = new Set<string>();
  readonly #keys = new Set<string>();
  #rest = "";
  #unsupported = false;
  /** After the first document, the only one that Helm reads. */
  #isOver = false;
  /** Whether the index itself says that it has no entries. */
  #saysNone = false;
  /** The current top-level key. */
  #key = "";
  #chart: string | undefined;
  /** Columns of chart names and of the current chart's dashes; -1 before the first. */
  #chartColumn = -1;
  #dashColumn = -1;
  #column = -1;
  #lines: string[] = [];

  constructor(take: EntryTaker) {
    this.#take = take;
  }

  push(piece: string): void {
    if (this.#unsupported || this.#isOver) return;
    const text = this.#rest + piece;
    let from = 0;
    for (
      let to = text.indexOf("\n");
      to >= 0 && !this.#unsupported && !this.#isOver;
      to = text.indexOf("\n", from)
    ) {
      this.#line(text.slice(from, text.charCodeAt(to - 1) === CR ? to - 1 : to));
      from = to + 1;
    }
    this.#rest = this.#isOver ? "" : text.slice(from);
    if (this.#rest.length > MAX_LINE) this.#unsupported = true;
  }

  end(): ReturnType<PieceReader["end"]> {
    const endsInLine = this.#rest.trim() !== "";
    if (endsInLine && !this.#unsupported) this.#line(this.#rest);
    this.#endEntry();
    if (this.#unsupported) return { kind: "unsupported" };
    if (endsInLine && this.#key === "entries") return badIndex("is cut off in the middle of a line");
    if (!this.#keys.has("apiVersion")) return badIndex("has no apiVersion");
    if (!this.#keys.has("entries")) return badIndex("has no entries");
    if (this.#charts.size === 0 && !this.#saysNone) return { kind: "unsupported" };
    return { kind: "read" };
  }

  #line(line: string): void {
    const column = indentation(line);
    if (this.#keys.size > 0 && DOCUMENT_MARKER.test(line)) this.#isOver = true;
    else if (column === line.length || line.charCodeAt(column) === HASH) {
      if (this.#lines.length > 0) this.#lines.push(line);
    } else if (line.charCodeAt(column) === TAB || line.includes("\r")) this.#unsupported = true;
    else if (column === 0) this.#topLevel(line);
    else if (this.#key === "entries") this.#belowEntries(line, column);
  }

  #topLevel(line: string): void {
    this.#endEntry();
    if (this.#keys.size === 0 && (line === "---" || line === BYTE_ORDER_MARK)) return;
    const text = this.#keys.size === 0 ? line.replace(BYTE_ORDER_MARK, "") : line;
    const [, key, value = ""] = /^([A-Za-z]+):(?: (.*))?$/s.exec(text) ?? [];
    if (key === undefined || this.#keys.has(key)) this.#unsupported = true;
    else this.#beginTopLevel(key, value.trim());
  }

  #beginTopLevel(key: string, value: string): void {
    this.#keys.add(key);
    this.#key = key;
    const isPlain = /^([\w.]|"[^"\\]*"$|'[^']*'$)/.test(value) && !/: | #/.test(value);
    const isEmpty = value === "" || value === "{}";
    if (key === "entries") this.#saysNone = value === "{}";
    if (key === "apiVersion" ? !isPlain : !isEmpty && (key === "entries" || !isPlain))
      this.#unsupported = true;
  }

  #belowEntries(line: string, column: number): void {
    if (this.#lines.length > 0 && column > this.#dashColumn) this.#continueEntry(line, column);
    else if (isDash(line, column)) this.#beginEntry(line, column);
    else this.#beginChart(line, column);
  }

  #continueEntry(line: string, column: number): void {
    if (this.#column < 0) this.#column = column;
    if (column < this.#column) this.#unsupported = true;
    this.#lines.push(line);
  }

  #beginEntry(line: string, column: number): void {
    this.#endEntry();
    if (this.#dashColumn < 0) this.#dashColumn = column;
    if (this.#chart === undefined || column !== this.#dashColumn || column < this.#chartColumn)
      this.#unsupported = true;
    const text = `${line.slice(0, column)} ${line.slice(column + 1)}`;
    const first = indentation(text);
    this.#column = first === text.length || text.charCodeAt(first) === HASH ? -1 : first;
    this.#lines.push(text);
  }

  #beginChart(line: string, column: number): void {
    this.#endEntry();
    if (this.#chartColumn < 0) this.#chartColumn = column;
    const [, key, value = ""] = CHART_KEY.exec(line) ?? [];
    const chart = key?.replace(/^(["'])(.*)\1$/, "$2");
    if (chart === undefined || column !== this.#chartColumn || this.#charts.has(chart))
      this.#unsupported = true;
    else if (value.trim() !== "" && value.trim() !== "[]") this.#unsupported = true;
    else this.#charts.add(copyString(chart));
    this.#chart = chart === undefined ? undefined : copyString(chart);
    this.#dashColumn = -1;
  }

  #endEntry(): void {
    if (this.#lines.length === 0 || this.#chart === undefined) return;
    const taken = this.#take(this.#chart, { lines: this.#lines, column: this.#column });
    if (taken === "unsupported") this.#unsupported = true;
    this.#lines = [];
  }
}

const DOCUMENT_MARKER = /^(?:---|\.\.\.)(?:[ \t]|$)/;
const MAX_LINE = 1024 * 1024;
const TAB = 9;
const CR = 13;
const SPACE = 32;
const HASH = 35;
const DASH = 45;
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/** A chart's name as a key, plain or quoted, that needs no unescaping and that YAML 1.1 reads as text. */
const CHART_KEY =
  /^ +((?!(?:y|n|yes|no|on|off|true|false|null) *:)[A-Za-z][\w.-]*|"[\w. /-]+"|'[\w. /-]+'):(?: (.*))?$/is;

function indentation(line: string): number {
  let column = 0;
  while (line.charCodeAt(column) === SPACE) column += 1;
  return column;
}

/** Whether a list item begins at this column. */
export function isDash(line: string, column: number): boolean {
  return (
    line.charCodeAt(column) === DASH && (line.length === column + 1 || line.charCodeAt(column + 1) === SPACE)
  );
}
