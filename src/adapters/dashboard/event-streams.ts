// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): each stream is notified, at most
// once a second, that something happened in a config repository that its reader may read, and is kept alive by
// comments.

import type { ServerResponse } from "node:http";
import { HOLDS_MS } from "./sign-in/permissions.ts";
import type { Visitor } from "./visitor.ts";

const MOST_STREAMS = 500;
const AT_MOST_EVERY_MS = 1_000;
const KEEP_OPEN_EVERY_MS = 25_000;

export class EventStreams {
  readonly #streams = new Map<ServerResponse, Visitor>();
  readonly #beat = setInterval(() => this.#keepOpen(), KEEP_OPEN_EVERY_MS).unref();
  #due: NodeJS.Timeout | undefined;
  #changed = new Set<number>();
  /** Something happened that concerns no config repository. */
  #elsewhere = false;

  /**
   * False when the maximum number of streams is open. The reader's permissions are checked again when the stream ends
   * and is reopened.
   */
  open(response: ServerResponse, visitor: Visitor): boolean {
    if (this.#streams.size >= MOST_STREAMS) return false;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 5000\n\n");
    this.#streams.set(response, visitor);
    const end = visitor.session && setTimeout(() => response.end(), HOLDS_MS).unref();
    response.on("close", () => {
      clearTimeout(end);
      this.#streams.delete(response);
    });
    return true;
  }

  changed(repositoryIds: readonly number[]): void {
    for (const id of repositoryIds) this.#changed.add(id);
    this.#elsewhere ||= repositoryIds.length === 0;
    this.#due ??= setTimeout(() => this.#tell(), AT_MOST_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#due);
    for (const stream of this.#streams.keys()) stream.end();
  }

  #tell(): void {
    const [changed, elsewhere] = [[...this.#changed], this.#elsewhere];
    this.#due = undefined;
    this.#changed = new Set();
    this.#elsewhere = false;
    for (const [stream, { mayRead, session }] of this.#streams)
      if (changed.some(mayRead) || (elsewhere && !session)) write(stream, "event: changed\ndata:\n\n");
  }

  #keepOpen(): void {
    for (const stream of this.#streams.keys()) write(stream, ": open\n\n");
  }
}

/** Skips a reader with unread data: the pending message is the same as the new one. */
function write(stream: ServerResponse, text: string): void {
  if (stream.writableLength === 0) stream.write(text);
}
