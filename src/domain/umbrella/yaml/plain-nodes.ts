// The nodes of a simple text: lists and maps of plain and quoted scalars, without anchors, tags, block scalars and
// omitted values. Uses js-yaml, which takes a twentieth of the time of the `yaml` package; that one handles all other
// texts.

import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE } from "js-yaml";
import type { Node, Pair, Scalar } from "./yaml-tree.ts";

/** What may begin an anchor, an alias or a tag: js-yaml may read what stands behind one several times. */
const PROPERTY = /(?:^|[\s,[\]{}:?-])[&*!]/;
/** A byte order mark, a directive, and line breaks that not all readers know. */
const ODD = /^[\ufeff%]|\r(?!\n)|[\u0085\u2028\u2029]/m;

/** The root of the only document; `undefined` when the text is not simple, or invalid. */
export function plainNodes(text: string): Node | undefined {
  if (PROPERTY.test(text) || ODD.test(text)) return undefined;
  try {
    return new Events(text).document();
  } catch {
    return undefined;
  }
}

type Kind<Id extends Event["type"]> = Extract<Event, { readonly type: Id }>;

const STYLES: ReadonlyMap<number, Scalar["style"]> = new Map([
  [SCALAR_STYLE.PLAIN, "plain"],
  [SCALAR_STYLE.SINGLE_QUOTED, "single"],
  [SCALAR_STYLE.DOUBLE_QUOTED, "double"],
]);

/** Throws for anything that is not simple. */
class Events {
  readonly #text: string;
  readonly #events: readonly Event[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#events = parseEvents(text, {});
  }

  document(): Node {
    const begin = this.#take();
    const root = this.#node();
    if (begin.type !== EVENT_ID.DOCUMENT || this.#take().type !== EVENT_ID.POP) throw NOT_PLAIN;
    if (this.#next < this.#events.length) throw NOT_PLAIN;
    return root;
  }

  #take(): Event {
    const event = this.#events[this.#next];
    if (event === undefined) throw NOT_PLAIN;
    this.#next += 1;
    return event;
  }

  #node(): Node {
    const event = this.#take();
    if (event.type === EVENT_ID.SCALAR) return this.#scalar(event);
    if (event.type === EVENT_ID.SEQUENCE) return this.#sequence(event);
    if (event.type === EVENT_ID.MAPPING) return this.#mapping(event);
    throw NOT_PLAIN;
  }

  #scalar(event: Kind<typeof EVENT_ID.SCALAR>): Scalar {
    const style = STYLES.get(event.style);
    if (event.valueStart < 0 || style === undefined) throw NOT_PLAIN;
    const quote = style === "plain" ? 0 : 1;
    const [start, end] = [event.valueStart - quote, event.valueEnd + quote];
    return { start, end, kind: "scalar", style, text: getScalarValue(this.#text, event) };
  }

  #sequence({ start, style }: Kind<typeof EVENT_ID.SEQUENCE>): Node {
    const items: Node[] = [];
    while (!this.#isClosed()) items.push(this.#node());
    const flow = style === COLLECTION_STYLE.FLOW;
    return { start, end: this.#endOf(flow, start, items.at(-1)), kind: "sequence", flow, items };
  }

  #mapping({ start, style }: Kind<typeof EVENT_ID.MAPPING>): Node {
    const pairs: Pair[] = [];
    while (!this.#isClosed()) pairs.push({ key: this.#node(), value: this.#node() });
    const flow = style === COLLECTION_STYLE.FLOW;
    return { start, end: this.#endOf(flow, start, pairs.at(-1)?.value), kind: "mapping", flow, pairs };
  }

  #isClosed(): boolean {
    if (this.#events[this.#next]?.type !== EVENT_ID.POP) return false;
    this.#next += 1;
    return true;
  }

  /** After the closing bracket, before which there may be blanks, comments and one comma; or after the last item. */
  #endOf(flow: boolean, start: number, last: Node | undefined): number {
    const isBracketed = flow && /[[{]/.test(this.#text.charAt(start));
    if (!isBracketed) return last?.end ?? start;
    const gap = /(?:[\s,]|(?<=\s)#.*)*/y;
    gap.lastIndex = last?.end ?? start + 1;
    gap.exec(this.#text);
    if (!/[\]}]/.test(this.#text.charAt(gap.lastIndex))) throw NOT_PLAIN;
    return gap.lastIndex + 1;
  }
}

const NOT_PLAIN = new Error("not plain");
