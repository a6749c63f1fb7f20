// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): every stream hears that something
// happened, at most once a second, and is kept open by a comment now and then.

import type { ServerResponse } from "node:http";

const MOST_STREAMS = 500;
const AT_MOST_EVERY_MS = 1_000;
const KEEP_OPEN_EVERY_MS = 25_000;

export class EventStreams {
  readonly #streams = new Set<ServerResponse>();
  readonly #beat = setInterval(() => this.#write(": open\n\n"), KEEP_OPEN_EVERY_MS).unref();
  #due: NodeJS.Timeout | undefined;

  /** False when there are as many as there may be. */
  open(response: ServerResponse): boolean {
    if (this.#streams.size >= MOST_STREAMS) return false;
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write("retry: 5000\n\n");
    this.#streams.add(response);
    response.on("close", () => this.#streams.delete(response));
    return true;
  }

  changed(): void {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#write("event: changed\ndata:\n\n");
    }, AT_MOST_EVERY_MS).unref();
  }

  close(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#due);
    for (const stream of this.#streams) stream.end();
  }

  /** Who does not read is not kept waiting for: what is unread says the same as what would be written. */
  #write(text: string): void {
    for (const stream of this.#streams) if (stream.writableLength === 0) stream.write(text);
  }
}
