// The characters of a `--set` line, read one code point at a time as Helm does (helm/helm pkg/strvals, runesUntil).

/** The text up to the next stop, with escapes resolved; `stop` is `undefined` at the end of the text. */
export interface Stretch {
  readonly text: string;
  /** The same as written. */
  readonly source: string;
  readonly stop: string | undefined;
}

export class Runes {
  readonly #runes: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#runes = Array.from(text);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#runes.length;
  }

  /** Consumes the next character if it is this one. */
  take(rune: string): boolean {
    if (this.#runes[this.#at] !== rune) return false;
    this.#at += 1;
    return true;
  }

  /** Consumes the stop as well. A backslash stands for the character behind it; alone at the end, for nothing. */
  until(stops: string): Stretch {
    const from = this.#at;
    let text = "";
    for (;;) {
      const rune = this.#runes[this.#at];
      if (rune === undefined) return { text, source: this.#from(from), stop: undefined };
      if (stops.includes(rune)) {
        const source = this.#from(from);
        this.#at += 1;
        return { text, source, stop: rune };
      }
      this.#at += 1;
      const escaped = rune === "\\" ? (this.#runes[this.#at] ?? "") : undefined;
      if (escaped !== undefined) this.#at += 1;
      text += escaped ?? rune;
    }
  }

  #from(start: number): string {
    return this.#runes.slice(start, this.#at).join("");
  }
}
