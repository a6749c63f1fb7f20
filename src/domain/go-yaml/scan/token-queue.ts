// Tokens that the scanner has found and the parser has not taken yet. They have numbers: a key's token is put in front
// of what turns out, some tokens later, to be a key.

import type { Token } from "./token.ts";

const WORTH_CUTTING = 256;

export class TokenQueue {
  /** How many tokens the parser has taken: the number of the first one that is waiting. */
  taken = 0;
  #tokens: Token[] = [];
  #head = 0;

  /** The number that the next appended token gets. */
  get next(): number {
    return this.taken + this.#tokens.length - this.#head;
  }

  first(): Token | undefined {
    return this.#tokens[this.#head];
  }

  take(): void {
    this.#head += 1;
    this.taken += 1;
    if (this.#head < WORTH_CUTTING) return;
    this.#tokens = this.#tokens.slice(this.#head);
    this.#head = 0;
  }

  append(token: Token): void {
    this.#tokens.push(token);
  }

  /** In front of the token with this number; at the end when that one has been taken already. */
  insert(number: number, token: Token): void {
    const place = number - this.taken;
    if (place < 0) this.#tokens.push(token);
    else this.#shift(this.#head + place, token);
  }

  /** A key's token is among the last few, so moving them by hand is quicker than `splice`. */
  #shift(place: number, token: Token): void {
    let moved = token;
    for (let at = place; at < this.#tokens.length; at += 1) {
      const next = this.#tokens[at] ?? token;
      this.#tokens[at] = moved;
      moved = next;
    }
    this.#tokens.push(moved);
  }
}
