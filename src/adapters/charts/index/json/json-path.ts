// Tracks the keys that lead to the next opening bracket while JSON is read.

import { parseLatin1 } from "../../http/parse-json.ts";

export class JsonPath {
  /** By bracket, from the outermost: the key that leads to it; empty if there is none. */
  #keys: string[] = [];
  /** The text since the last string began. */
  #text = "";

  /** Starting with the outermost bracket's own contents. */
  get keys(): readonly string[] {
    return this.#keys.slice(1);
  }

  beginText(): void {
    this.#text = "";
  }

  append(text: string): void {
    this.#text += text;
  }

  /** A bracket opens at this nesting level. */
  open(level: number): void {
    const key = keyIn(this.#text);
    this.#keys = [...this.#keys.slice(0, level), key ?? ""];
    this.#text = "";
  }
}

function keyIn(text: string): string | undefined {
  const written = /^("(?:[^"\\]|\\.)*")\s*:\s*$/s.exec(text)?.[1];
  const key = written === undefined ? undefined : parseLatin1(written)?.value;
  return typeof key === "string" ? key : undefined;
}
