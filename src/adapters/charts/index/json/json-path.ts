// Which keys lead to the bracket that opens next, as JSON is read from its beginning to its end.

import { parseLatin1 } from "../../http/parse-json.ts";

export class JsonPath {
  /** By bracket, from the outermost: the key that leads to it; empty for what has none. */
  #keys: string[] = [];
  /** The text since the last string began. */
  #text = "";

  /** From the outermost bracket's own contents on. */
  get keys(): readonly string[] {
    return this.#keys.slice(1);
  }

  beginText(): void {
    this.#text = "";
  }

  append(text: string): void {
    this.#text += text;
  }

  /** A bracket opens inside of `level` others. */
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
