// Generates values files in the styles of people and programs: block and flow, quotes, anchors, merge keys, tags,
// multi-line texts, comments, JSON. Helm decides what they mean; some are invalid.

import type { Chance } from "./chance.ts";
import { DOUBLE, KEYS, LINES, PLAIN, SINGLE, TAGGED } from "./made-up-words.ts";

/** The key that a chart's own values are under. */
export const CHART_KEY = "x";

export function madeUpValues(chance: Chance): string {
  if (chance.percent(8)) return jsonText(chance);
  const lines = new Writer(chance).file();
  const head = chance.pick(["", "", "", "---", "# Values", "---\n# Values", "--- # Values"]);
  const tail = chance.pick(["", "", "", "# The end", "...", "---\n# Nothing", "\n"]);
  const text = [head, ...lines, tail]
    .filter((line, at) => line !== "" || (at > 0 && at <= lines.length))
    .join("\n");
  const ended = text + (chance.percent(85) ? "\n" : "");
  const marked = chance.percent(4) ? `\ufeff${ended}` : ended;
  return chance.percent(10) ? marked.replaceAll("\n", "\r\n") : marked;
}

interface Anchor {
  readonly name: string;
  readonly kind: "scalar" | "map" | "list";
}

class Writer {
  readonly #chance: Chance;
  readonly #step: string;
  readonly #anchors: Anchor[] = [];
  #made = 0;

  constructor(chance: Chance) {
    this.#chance = chance;
    this.#step = chance.pick(["  ", "  ", "  ", "    ", " ", "   "]);
  }

  file(): readonly string[] {
    const chance = this.#chance;
    if (chance.percent(4)) return [];
    if (chance.percent(5)) return [`{${this.#key(CHART_KEY)}: ${this.#flow(2)}, other: ${this.#flow(2)}}`];
    const before = chance.percent(60) ? this.#pair("base", { indent: "", depth: 1 }) : [];
    const own = chance.percent(94) ? this.#pair(CHART_KEY, { indent: "", depth: 0 }) : [];
    const after = chance.percent(60) ? this.#pair("other", { indent: "", depth: 1 }) : [];
    return [...before, ...own, ...after];
  }

  #map(place: Place): readonly string[] {
    const chance = this.#chance;
    const keys = this.#keys();
    const merged = chance.percent(12) ? this.#anchors.filter(({ kind }) => kind === "map").at(-1) : undefined;
    const merge = merged === undefined ? [] : [`${place.indent}<<: *${merged.name}`];
    const pairs = keys.flatMap((key) => [...this.#between(place.indent), ...this.#pair(key, place)]);
    return chance.percent(80) ? [...merge, ...pairs] : [...pairs, ...merge];
  }

  #between(indent: string): readonly string[] {
    if (this.#chance.percent(8)) return [`${indent}# note`];
    return this.#chance.percent(6) ? [""] : [];
  }

  #keys(): readonly string[] {
    const keys = Array.from({ length: 1 + this.#chance.below(4) }, () => this.#chance.pick(KEYS));
    return this.#chance.percent(2) ? keys : [...new Set(keys)];
  }

  #key(key: string): string {
    const isOdd = /[ =]|^null$/.test(key);
    if (this.#chance.percent(isOdd ? 99 : 8)) return `"${key}"`;
    return this.#chance.percent(4) ? `'${key}'` : key;
  }

  #pair(key: string, { indent, depth }: Place): readonly string[] {
    const chance = this.#chance;
    const name = `${indent}${chance.percent(3) ? `? ${this.#key(key)}\n${indent}` : this.#key(key)}:`;
    const below = { indent: indent + this.#step, depth: depth + 1 };
    const roll =
      key === CHART_KEY && depth === 0 ? chance.pick([0, 0, 0, 0, 0, 0, 52, 62]) : chance.below(100);
    if (depth < 4 && roll < 40) return this.#withAnchor(name, "map", () => this.#map(below));
    if (depth < 4 && roll < 52) {
      const at = chance.percent(40) ? { ...below, indent } : below;
      return this.#withAnchor(name, "list", () => this.#list(at));
    }
    if (roll < 60)
      return [
        `${name} ${this.#anchored(chance.percent(60) ? "map" : "list", this.#flow(depth))}${this.#comment()}`,
      ];
    if (roll < 64) return [`${name}${this.#comment()}`];
    return this.#scalarLines(name, below.indent);
  }

  #withAnchor(name: string, kind: Anchor["kind"], lines: () => readonly string[]): readonly string[] {
    if (!this.#chance.percent(12)) return [`${name}${this.#comment()}`, ...lines()];
    const anchor = this.#newAnchor();
    const written = lines();
    this.#anchors.push({ name: anchor, kind });
    return [`${name} &${anchor}${this.#comment()}`, ...written];
  }

  #list({ indent, depth }: Place): readonly string[] {
    const chance = this.#chance;
    const items = Array.from({ length: 1 + chance.below(3) }, (): readonly string[] => {
      const roll = chance.below(100);
      if (depth < 4 && roll < 35) {
        const [first = "", ...rest] = this.#map({ indent: `${indent}  `, depth: depth + 1 });
        return first.trim().startsWith("#") || first === ""
          ? [`${indent}-`, first, ...rest]
          : [`${indent}- ${first.trimStart()}`, ...rest];
      }
      if (roll < 45) return [`${indent}- ${this.#flow(depth)}`];
      return this.#scalarLines(`${indent}-`, `${indent}  `);
    });
    return items.flat();
  }

  /** On the line of its key or on the lines below. */
  #scalarLines(name: string, indent: string): readonly string[] {
    const chance = this.#chance;
    if (!chance.percent(14)) return [`${name} ${this.#scalar()}${this.#comment()}`];
    const header = chance.pick(["|", "|-", "|+", ">", ">-", ">+"]);
    const lines = Array.from({ length: 1 + chance.below(3) }, () => chance.pick(LINES));
    const first = `${indent}${chance.pick(["text", "a: b", "x"])}`;
    return [
      `${name} ${this.#anchored("scalar", header)}${chance.percent(8) ? " # c" : ""}`,
      first,
      ...lines.map((line) => line && indent + line),
    ];
  }

  #scalar(): string {
    const chance = this.#chance;
    const alias = chance.percent(10) ? chance.pick([this.#anchors.at(-1), ...this.#anchors]) : undefined;
    if (alias !== undefined) return `*${alias.name}`;
    const roll = chance.below(100);
    if (roll < 55) return this.#anchored("scalar", chance.pick(PLAIN));
    if (roll < 78) return this.#anchored("scalar", chance.pick(DOUBLE));
    if (roll < 95) return this.#anchored("scalar", chance.pick(SINGLE));
    return this.#anchored("scalar", chance.pick(TAGGED));
  }

  #anchored(kind: Anchor["kind"], written: string): string {
    if (!this.#chance.percent(8)) return written;
    const name = this.#newAnchor();
    this.#anchors.push({ name, kind });
    return `&${name} ${written}`;
  }

  /** Sometimes an anchor that exists already: from there on it means the new value. */
  #newAnchor(): string {
    this.#made += this.#chance.percent(94) ? 1 : 0;
    return `a${this.#made}`;
  }

  #flow(depth: number): string {
    const chance = this.#chance;
    const size = chance.below(4);
    const comma = size > 0 && chance.percent(8) ? "," : "";
    const gap = chance.percent(15) ? " " : "";
    const inner = () => (depth < 3 && chance.percent(25) ? this.#flow(depth + 1) : this.#scalar());
    if (chance.percent(40)) return `[${gap}${Array.from({ length: size }, inner).join(", ")}${comma}${gap}]`;
    const keys = [...new Set(Array.from({ length: size }, () => chance.pick(KEYS)))];
    return `{${gap}${keys.map((key) => `${this.#key(key)}: ${inner()}`).join(", ")}${keys.length > 0 ? comma : ""}${gap}}`;
  }

  #comment(): string {
    return this.#chance.percent(8) ? " # c" : "";
  }
}

interface Place {
  readonly indent: string;
  readonly depth: number;
}

function jsonText(chance: Chance): string {
  const file = { base: jsonValue(chance, 2), [CHART_KEY]: jsonMap(chance, 0) };
  return JSON.stringify(file, null, chance.pick([0, 2, 4])) + chance.pick(["\n", ""]);
}

function jsonMap(chance: Chance, depth: number): object {
  const keys = Array.from({ length: chance.below(4) }, () => chance.pick(KEYS));
  return Object.fromEntries(keys.map((key) => [key, jsonValue(chance, depth + 1)]));
}

function jsonValue(chance: Chance, depth: number): unknown {
  if (depth < 4 && chance.percent(35)) return jsonMap(chance, depth);
  if (depth < 4 && chance.percent(20)) return [jsonValue(chance, depth + 1), "b"];
  return chance.pick(["v1", "1.10", 1, 0.5, true, null, "", "a\nb", "é", 'say "hi"', 20240115]);
}
