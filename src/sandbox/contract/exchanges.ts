// Observes every request to a server of this process, with its body and response, through Node's diagnostics channel
// (https://nodejs.org/api/diagnostics_channel.html#http). Changes nothing.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly sent: Buffer;
  readonly status: number;
  /** Empty when the response has none. */
  readonly mediaType: string;
  readonly answered: Buffer;
}

/** Calls `tell` after each response. Returns a function that stops it. */
export function watchExchanges(port: number, onExchange: (exchange: Exchange) => void): () => void {
  const onStart = (message: unknown) => {
    const { request, response }: { request: IncomingMessage; response: ServerResponse } = Object(message);
    if (request.socket.localPort === port) watch(request, response, onExchange);
  };
  subscribe("http.server.request.start", onStart);
  return () => void unsubscribe("http.server.request.start", onStart);
}

function watch(
  request: IncomingMessage,
  response: ServerResponse,
  onExchange: (exchange: Exchange) => void,
): void {
  const sent = tapped(request, ["push"]);
  const answered = tapped(response, ["write", "end"]);
  const headers = headersOf(response);
  response.once("finish", () =>
    onExchange({
      method: request.method ?? "",
      path: (request.url ?? "").split("?", 1)[0] ?? "",
      sent: Buffer.concat(sent),
      status: response.statusCode,
      mediaType: (headers.get("content-type") ?? "").split(";", 1)[0] ?? "",
      answered: Buffer.concat(answered),
    }),
  );
}

/** Headers that are written in one call, which Node does not keep. */
function headersOf(response: object): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const writeHead: (...given: unknown[]) => unknown = Reflect.get(response, "writeHead");
  Reflect.set(response, "writeHead", (...given: unknown[]) => {
    const written = Object.entries(Object(given.at(-1)));
    for (const [name, value] of written)
      if (typeof value === "string") headers.set(name.toLowerCase(), value);
    return Reflect.apply(writeHead, response, given);
  });
  return headers;
}

/** Records the first argument of each later call of these methods. */
function tapped(target: object, methods: readonly string[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (const name of methods) {
    const original: (...given: unknown[]) => unknown = Reflect.get(target, name);
    Reflect.set(target, name, (...given: unknown[]) => {
      const [chunk] = given;
      if (typeof chunk === "string" || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
      return original.apply(target, given);
    });
  }
  return chunks;
}
