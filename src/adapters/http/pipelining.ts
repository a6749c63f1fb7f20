// Limits the concurrent requests of one connection. With pipelining (permitted by RFC 9112 §9.3.2, used by no client)
// Node would begin all requests of a packet at once and block everybody else meanwhile.

import { createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";

/** Some proxies send the next request before the response to the last. */
const MOST_AT_ONCE = 8;

export function serverWith(
  options: { readonly requestTimeout: number; readonly keepAliveTimeout: number },
  answer: RequestListener,
): Server {
  const underWay = new WeakMap<Socket, number>();
  return createServer(options, (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const before = underWay.get(socket) ?? 0;
    if (before >= MOST_AT_ONCE) {
      endQuietly(socket);
      return;
    }
    underWay.set(socket, before + 1);
    response.once("close", () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    answer(request, response);
  });
}

/**
 * Node creates objects for all requests in one chunk of 64 KiB, some thousands of the shortest, and ends each with an
 * error. Without stack traces that takes half as long.
 */
function endQuietly(socket: Socket): void {
  const { stackTraceLimit } = Error;
  socket.prependOnceListener("close", () => {
    Error.stackTraceLimit = 0;
  });
  socket.once("close", () => {
    Error.stackTraceLimit = stackTraceLimit;
  });
  socket.destroy();
}
