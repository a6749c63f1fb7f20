// A server that has few requests of one connection under way. Whoever sends many without waiting for an answer (pipelining, which
// RFC 9112 §9.3.2 permits and no client does) has Node begin all of a packet's at once, and everybody else waits meanwhile.

import { createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";

/** Some proxies send the next one while the last is still being answered. */
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
 * Node makes objects of all requests that came in one piece of 64 KiB, some thousands of the shortest, and ends each with an error of
 * its own. Without their stack traces that takes half as long.
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
