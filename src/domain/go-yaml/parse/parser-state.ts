// What the parser knows between two events.

import type { Scanner } from "../scan/scanner.ts";
import type { Token } from "../scan/token.ts";
import type { Mark } from "../yaml-fault.ts";
import type { YamlEvent } from "./event.ts";

/** What is to be read next. */
export type State =
  | "first-document"
  | "document"
  | "document-content"
  | "document-end"
  | "block-node"
  | "block-node-or-list"
  | "flow-node"
  | "block-sequence-first"
  | "block-sequence"
  | "list"
  | "block-mapping-first"
  | "block-mapping-key"
  | "block-mapping-value"
  | "flow-sequence-first"
  | "flow-sequence"
  | "flow-pair-key"
  | "flow-pair-value"
  | "flow-pair-end"
  | "flow-mapping-first"
  | "flow-mapping-key"
  | "flow-mapping-value"
  | "flow-mapping-no-value"
  | "end";

/** Reads on from one state: an event, or nothing when another state has to read it. */
export type Step = (parser: ParserState) => YamlEvent | undefined;

export class ParserState {
  readonly scanner: Scanner;
  state: State = "first-document";
  /** What a tag's handle stands for. */
  readonly tagPrefixes = new Map<string, string>();
  readonly #returns: State[] = [];

  constructor(scanner: Scanner) {
    this.scanner = scanner;
  }

  peek(): Token {
    return this.scanner.peek();
  }

  /** The token behind the one that is taken. */
  next(): Token {
    this.scanner.take();
    return this.scanner.peek();
  }

  take(): void {
    this.scanner.take();
  }

  fail(message: string, mark: Mark): undefined {
    this.scanner.source.fail("parser", message, mark);
    return undefined;
  }

  /** Reads a node in this state, and comes back to the other one. */
  call(state: State, back: State): undefined {
    this.#returns.push(back);
    this.state = state;
    return undefined;
  }

  /** Says where the next `back` leads. */
  comeBack(state: State): void {
    this.#returns.push(state);
  }

  back(): void {
    this.state = this.#returns.pop() ?? "end";
  }
}
