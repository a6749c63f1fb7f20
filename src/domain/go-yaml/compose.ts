// The first document's nodes, from the parser's events.

import type { YamlEvent } from "./parse/event.ts";
import { Parser } from "./parse/parser.ts";
import type { SourceText } from "./source.ts";
import type { YamlLimits } from "./yaml-limits.ts";
import type { AliasNode, YamlNode, YamlPair } from "./yaml-node.ts";

/** The root of the first document; nothing when the text holds none, or when there is a fault. */
export function compose(source: SourceText, limits: YamlLimits): YamlNode | undefined {
  const parser = new Parser(source);
  if (parser.next()?.kind !== "document-start") return undefined;
  const composer = new Composer(source, limits);
  for (let event = parser.next(); event !== undefined; event = parser.next()) {
    if (event.kind === "document-end") return composer.root;
    composer.add(event);
  }
  return undefined;
}

interface Open {
  readonly add: (node: YamlNode) => void;
}

class Composer {
  root: YamlNode | undefined;
  readonly #source: SourceText;
  readonly #limits: YamlLimits;
  readonly #anchors = new Map<string, Exclude<YamlNode, AliasNode>>();
  readonly #open: Open[] = [];
  #count = 0;

  constructor(source: SourceText, limits: YamlLimits) {
    this.#source = source;
    this.#limits = limits;
  }

  add(event: YamlEvent): void {
    const { kind } = event;
    if (kind === "sequence-end" || kind === "mapping-end") this.#open.pop();
    else if (kind === "scalar") this.#scalar(event);
    else if (kind === "alias") this.#alias(event);
    else if (kind === "sequence-start") this.#sequence(event);
    else if (kind === "mapping-start") this.#mapping(event);
  }

  #scalar({ start: { line, column }, value: text, tag, implicit, anchor }: YamlEvent): void {
    this.#put({ kind: "scalar", line, column, text, tag, implicit }, anchor);
  }

  #alias({ start, anchor: name }: YamlEvent): void {
    const target = this.#anchors.get(name);
    if (target === undefined) this.#source.fail("value", `unknown anchor '${name}' referenced`, start);
    else this.#attach({ kind: "alias", line: start.line, column: start.column, name, target });
  }

  #sequence({ start: { line, column }, anchor }: YamlEvent): void {
    const items: YamlNode[] = [];
    this.#put({ kind: "sequence", line, column, items }, anchor);
    this.#open.push({ add: (node) => items.push(node) });
  }

  #mapping({ start: { line, column }, anchor }: YamlEvent): void {
    const pairs: YamlPair[] = [];
    let key: YamlNode | undefined;
    this.#put({ kind: "mapping", line, column, pairs }, anchor);
    this.#open.push({
      add: (node) => {
        if (key !== undefined) pairs.push({ key, value: node });
        key = key === undefined ? node : undefined;
      },
    });
  }

  /** The anchor counts from the node's beginning: an alias within it stands for the node itself. */
  #put(node: Exclude<YamlNode, AliasNode>, anchor: string): void {
    if (anchor !== "") this.#anchors.set(anchor, node);
    this.#attach(node);
  }

  #attach(node: YamlNode): void {
    this.#count += 1;
    if (this.#count > this.#limits.nodes)
      this.#source.fail("limit", `more than ${this.#limits.nodes} nodes`, node);
    const parent = this.#open.at(-1);
    if (parent === undefined) this.root = node;
    else parent.add(node);
  }
}
