// Simple keys: what may turn out to be a key when a colon follows it in the same line and within 1024 characters
// (go-yaml 2, scannerc.go). At each level of flow collections there is at most one.

import type { SourceText } from "../source.ts";
import type { Mark } from "../yaml-fault.ts";

const LONGEST_KEY = 1024;

export interface SimpleKey {
  /** Whether it is still one: it may have been taken by a colon, or have got too far away. */
  possible: boolean;
  /** Nothing else than a key can stand there. */
  required: boolean;
  /** The number of its first token. */
  token: number;
  mark: Mark;
}

const NONE: Mark = { at: 0, line: 0, column: 0, index: 0 };

export class SimpleKeys {
  /** Whether a key may begin at the current place. */
  allowed = true;
  readonly #source: SourceText;
  readonly #levels: SimpleKey[] = [{ possible: false, required: false, token: 0, mark: NONE }];
  /**
   * The level of the key that begins with this token. Closing a level forgets the entry for its last number, as go-yaml
   * does, even where that number is of the bracket that opened it: so `[]: x` is a sequence and no mapping.
   */
  readonly #levelByToken = new Map<number, number>();
  /** The same for the key outside of all flow collections, the one that there is most often. */
  #outermost = -1;

  constructor(source: SourceText) {
    this.#source = source;
  }

  get current(): SimpleKey {
    return this.#levels.at(-1) ?? { possible: false, required: false, token: 0, mark: NONE };
  }

  /** What begins here, with the token of this number, may be a key. */
  save(token: number, required: boolean): void {
    if (!this.allowed) return;
    this.remove();
    const level = this.#levels.length - 1;
    const key = this.current;
    key.possible = true;
    key.required = required;
    key.token = token;
    key.mark = this.#source.mark();
    if (level === 0) this.#outermost = token;
    else this.#levelByToken.set(token, level);
  }

  /** The key of this level is none. */
  remove(): void {
    const key = this.current;
    if (!key.possible) return;
    if (key.required) this.#missing(key);
    this.take(key);
  }

  /** A colon has made it a key. */
  take(key: SimpleKey): void {
    key.possible = false;
    this.#forget(key.token);
  }

  /** Whether the key, if it still is one, may be ended by a colon here. */
  isNear(key: SimpleKey): boolean {
    if (!key.possible) return false;
    const { line, index } = this.#source;
    if (key.mark.line === line && key.mark.index + LONGEST_KEY >= index) return true;
    if (key.required) this.#missing(key);
    key.possible = false;
    return false;
  }

  /** Whether the token of this number waits for a colon that would make it a key. */
  isOpen(token: number): boolean {
    const level = token === this.#outermost ? 0 : this.#levelByToken.get(token);
    const key = level === undefined ? undefined : this.#levels[level];
    return key !== undefined && this.isNear(key);
  }

  enterFlow(token: number): void {
    this.#levels.push({ possible: false, required: false, token, mark: this.#source.mark() });
  }

  leaveFlow(): void {
    const closed = this.#levels.pop();
    if (closed !== undefined) this.#forget(closed.token);
  }

  #forget(token: number): void {
    if (token === this.#outermost) this.#outermost = -1;
    else if (this.#levelByToken.size > 0) this.#levelByToken.delete(token);
  }

  #missing(key: SimpleKey): void {
    this.#source.fail("scanner", "could not find expected ':'");
    key.possible = false;
  }
}
