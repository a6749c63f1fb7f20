// The grammar of YAML 1.1, as a machine that reads one event after the other without going deeper on the stack.

import { Scanner } from "../scan/scanner.ts";
import type { SourceText } from "../source.ts";
import type { YamlEvent } from "./event.ts";
import {
  blockMappingFirst,
  blockMappingKey,
  blockMappingValue,
  blockSequence,
  blockSequenceFirst,
  list,
} from "./parse-block.ts";
import { document, documentContent, documentEnd, firstDocument } from "./parse-document.ts";
import {
  flowMappingFirst,
  flowMappingKey,
  flowMappingNoValue,
  flowMappingValue,
  flowPairEnd,
  flowPairKey,
  flowPairValue,
  flowSequence,
  flowSequenceFirst,
} from "./parse-flow.ts";
import { nodeIn } from "./parse-node.ts";
import { ParserState, type State, type Step } from "./parser-state.ts";

const STEPS: Readonly<Record<Exclude<State, "end">, Step>> = {
  "first-document": firstDocument,
  document,
  "document-content": documentContent,
  "document-end": documentEnd,
  "block-node": nodeIn("block"),
  "block-node-or-list": nodeIn("block-or-list"),
  "flow-node": nodeIn("flow"),
  "block-sequence-first": blockSequenceFirst,
  "block-sequence": blockSequence,
  list,
  "block-mapping-first": blockMappingFirst,
  "block-mapping-key": blockMappingKey,
  "block-mapping-value": blockMappingValue,
  "flow-sequence-first": flowSequenceFirst,
  "flow-sequence": flowSequence,
  "flow-pair-key": flowPairKey,
  "flow-pair-value": flowPairValue,
  "flow-pair-end": flowPairEnd,
  "flow-mapping-first": flowMappingFirst,
  "flow-mapping-key": flowMappingKey,
  "flow-mapping-value": flowMappingValue,
  "flow-mapping-no-value": flowMappingNoValue,
};

export class Parser {
  readonly #source: SourceText;
  readonly #state: ParserState;

  constructor(source: SourceText) {
    this.#source = source;
    this.#state = new ParserState(new Scanner(source));
  }

  /** The next event; nothing at the end, or when there is a fault. */
  next(): YamlEvent | undefined {
    while (this.#source.fault === undefined && this.#state.state !== "end") {
      const event = STEPS[this.#state.state](this.#state);
      if (event !== undefined && this.#source.fault === undefined) return event;
    }
    return undefined;
  }
}
