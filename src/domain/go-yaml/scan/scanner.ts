// Finds the tokens of a YAML text one by one, as go-yaml 2 does (scannerc.go): never further than the parser asks, so
// what follows the first document is not looked at.

import type { SourceText } from "../source.ts";
import type { Mark } from "../yaml-fault.ts";
import { codeOf, isBlank, isBlankOrEnd, isBreak, TAB } from "./characters.ts";
import { DEEPEST, Indentation } from "./indentation.ts";
import { LineFolding } from "./line-folding.ts";
import { scanBlock } from "./scan-block.ts";
import { scanDirective } from "./scan-directive.ts";
import { scanPlain } from "./scan-plain.ts";
import { scanQuoted } from "./scan-quoted.ts";
import { scanAnchor, scanTag } from "./scan-tag.ts";
import { SimpleKeys } from "./simple-keys.ts";
import { bareToken, type Token, type TokenKind } from "./token.ts";
import { TokenQueue } from "./token-queue.ts";

export class Scanner {
  readonly source: SourceText;
  readonly #queue = new TokenQueue();
  readonly #keys: SimpleKeys;
  readonly #folding: LineFolding;
  readonly #indentation = new Indentation();
  #flowDepth = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.#keys = new SimpleKeys(source);
    this.#folding = new LineFolding(source);
  }

  /** The first token that is not taken; the end of the stream once there is a fault. */
  peek(): Token {
    while (this.source.fault === undefined) {
      const first = this.#queue.first();
      if (first !== undefined && !this.#keys.isOpen(this.#queue.taken)) return first;
      if (this.source.fault === undefined) this.#scanNext();
    }
    return bareToken("stream-end", this.source.mark());
  }

  take(): void {
    this.#queue.take();
  }

  #scanNext(): void {
    const { source } = this;
    source.need(1);
    this.#skipToToken();
    this.#closeBlocks(source.column);
    source.need(4);
    const isFound = this.#scanMark() || this.#scanIndicator() || this.#scanNode() || this.#scanPlain();
    if (!isFound) source.fail("scanner", "found character that cannot start any token");
  }

  /** What stands alone: the end, a directive, `---` and `...`. */
  #scanMark(): boolean {
    const { source } = this;
    const code = source.code();
    if (code === 0) return this.#endStream();
    if (source.column > 0) return false;
    if (code === codeOf("%")) return this.#directive();
    if (source.isDocumentMark(codeOf("-"))) return this.#documentMark("document-start");
    return source.isDocumentMark(codeOf(".")) && this.#documentMark("document-end");
  }

  #scanIndicator(): boolean {
    const { source } = this;
    const isAlone = isBlankOrEnd(source.code(1));
    switch (source.text.charAt(source.at)) {
      case "[":
        return this.#openFlow("flow-sequence-start");
      case "{":
        return this.#openFlow("flow-mapping-start");
      case "]":
        return this.#closeFlow("flow-sequence-end");
      case "}":
        return this.#closeFlow("flow-mapping-end");
      case ",":
        return this.#flowEntry();
      case "-":
        return isAlone && this.#blockEntry();
      case "?":
        return (isAlone || this.#flowDepth > 0) && this.#explicitKey();
      case ":":
        return (isAlone || this.#flowDepth > 0) && this.#value();
      default:
        return false;
    }
  }

  #scanNode(): boolean {
    const { source } = this;
    switch (source.text.charAt(source.at)) {
      case "*":
        return this.#keyable() && this.#append(scanAnchor(source, "alias"));
      case "&":
        return this.#keyable() && this.#append(scanAnchor(source, "anchor"));
      case "!":
        return this.#keyable() && this.#append(scanTag(source));
      case "'":
        return this.#keyable() && this.#append(scanQuoted(source, "single", this.#folding));
      case '"':
        return this.#keyable() && this.#append(scanQuoted(source, "double", this.#folding));
      case "|":
        return this.#flowDepth === 0 && this.#block("literal");
      case ">":
        return this.#flowDepth === 0 && this.#block("folded");
      default:
        return false;
    }
  }

  /** Spaces, comments and line breaks; tabs where no indentation is meant. */
  #skipToToken(): void {
    const { source } = this;
    while (true) {
      source.need(1);
      if (source.column === 0 && source.isByteOrderMark()) source.skip();
      source.need(1);
      while (
        isBlank(source.code()) &&
        (source.code() !== TAB || this.#flowDepth > 0 || !this.#keys.allowed)
      ) {
        source.skip();
        source.need(1);
      }
      source.skipComment();
      if (!isBreak(source.code())) return;
      source.need(2);
      source.readBreak();
      if (this.#flowDepth === 0) this.#keys.allowed = true;
    }
  }

  #closeBlocks(column: number): void {
    if (this.#flowDepth > 0) return;
    const closed = this.#indentation.closeBeyond(column);
    for (let each = 0; each < closed; each += 1)
      this.#queue.append(bareToken("block-end", this.source.mark()));
  }

  /** Opens a block collection at the column of `mark`, in front of the token with this number or at the end. */
  #openBlock(kind: TokenKind, mark: Mark, number = this.#queue.next): void {
    if (this.#flowDepth > 0 || !this.#indentation.open(mark.column)) return;
    if (this.#indentation.isTooDeep) this.source.fail("scanner", `exceeded max depth of ${DEEPEST}`);
    this.#queue.insert(number, bareToken(kind, mark));
  }

  #endStream(): true {
    const { source } = this;
    if (source.column !== 0) {
      source.column = 0;
      source.line += 1;
    }
    this.#closeBlocks(-1);
    this.#keys.remove();
    this.#keys.allowed = false;
    this.#queue.append(bareToken("stream-end", source.mark()));
    return true;
  }

  #directive(): true {
    this.#closeBlocks(-1);
    this.#keys.remove();
    this.#keys.allowed = false;
    this.#queue.append(scanDirective(this.source));
    return true;
  }

  #documentMark(kind: TokenKind): true {
    this.#closeBlocks(-1);
    this.#keys.remove();
    this.#keys.allowed = false;
    return this.#indicator(kind, 3);
  }

  /** A token of so many characters that says nothing but its kind. */
  #indicator(kind: TokenKind, length = 1): true {
    const start = this.source.mark();
    this.source.skipMany(length);
    this.#queue.append(bareToken(kind, start));
    return true;
  }

  #openFlow(kind: TokenKind): true {
    this.#saveKey();
    this.#keys.enterFlow(this.#queue.next);
    this.#flowDepth += 1;
    if (this.#flowDepth > DEEPEST) this.source.fail("scanner", `exceeded max depth of ${DEEPEST}`);
    this.#keys.allowed = true;
    return this.#indicator(kind);
  }

  #closeFlow(kind: TokenKind): true {
    this.#keys.remove();
    if (this.#flowDepth > 0) {
      this.#flowDepth -= 1;
      this.#keys.leaveFlow();
    }
    this.#keys.allowed = false;
    return this.#indicator(kind);
  }

  #flowEntry(): true {
    this.#keys.remove();
    this.#keys.allowed = true;
    return this.#indicator("flow-entry");
  }

  #blockEntry(): true {
    this.#startInBlock("block-sequence-start", "block sequence entries are not allowed in this context");
    this.#keys.remove();
    this.#keys.allowed = true;
    return this.#indicator("block-entry");
  }

  #explicitKey(): true {
    this.#startInBlock("block-mapping-start", "mapping keys are not allowed in this context");
    this.#keys.remove();
    this.#keys.allowed = this.#flowDepth === 0;
    return this.#indicator("key");
  }

  #value(): true {
    const key = this.#keys.current;
    if (this.#keys.isNear(key)) {
      this.#queue.insert(key.token, bareToken("key", key.mark));
      this.#openBlock("block-mapping-start", key.mark, key.token);
      this.#keys.take(key);
      this.#keys.allowed = false;
    } else {
      this.#startInBlock("block-mapping-start", "mapping values are not allowed in this context");
      this.#keys.allowed = this.#flowDepth === 0;
    }
    return this.#indicator("value");
  }

  #startInBlock(kind: TokenKind, refusal: string): void {
    if (this.#flowDepth > 0) return;
    if (!this.#keys.allowed) this.source.fail("scanner", refusal);
    this.#openBlock(kind, this.source.mark());
  }

  /** What begins here may be the first token of a key, and no key can follow it. */
  #keyable(): true {
    this.#saveKey();
    this.#keys.allowed = false;
    return true;
  }

  #append(token: Token): true {
    this.#queue.append(token);
    return true;
  }

  #saveKey(): void {
    const required = this.#flowDepth === 0 && this.#indentation.column === this.source.column;
    this.#keys.save(this.#queue.next, required);
  }

  #block(style: "literal" | "folded"): true {
    this.#keys.remove();
    this.#keys.allowed = true;
    this.#queue.append(scanBlock(this.source, style, this.#indentation.column));
    return true;
  }

  #scanPlain(): boolean {
    if (!this.#mayStartPlain()) return false;
    this.#keyable();
    const place = {
      indent: this.#indentation.column + 1,
      inFlow: this.#flowDepth > 0,
      folding: this.#folding,
    };
    this.#queue.append(scanPlain(this.source, place));
    if (this.#folding.hasBreak) this.#keys.allowed = true;
    return true;
  }

  #mayStartPlain(): boolean {
    const code = this.source.code();
    const next = this.source.code(1);
    if (code === codeOf("-")) return !isBlank(next);
    if (code === codeOf("?") || code === codeOf(":")) return this.#flowDepth === 0 && !isBlankOrEnd(next);
    return !isBlankOrEnd(code) && !NO_PLAIN_START.has(code);
  }
}

const NO_PLAIN_START = new Set(",[]{}#&*!|>'\"%@`".split("").map(codeOf));
