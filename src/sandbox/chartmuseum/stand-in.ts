// The base of every offline stand-in: a loopback HTTP server that records requests and injects faults.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
}

/** A fault for the next matching request, instead of its response. */
export type Fault =
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string | Uint8Array;
      readonly headers?: { readonly [name: string]: string };
    }
  /** The connection is reset before any answer. */
  | { readonly kind: "reset" }
  /** The request takes effect, then the connection is reset. */
  | { readonly kind: "lost" }
  /** No answer, ever. */
  | { readonly kind: "timeout" }
  /** The real response, with its full Content-Length, cut off half-way. */
  | { readonly kind: "truncated" }
  /** The real response, delayed. */
  | { readonly kind: "slow"; readonly ms: number };

export interface Faults {
  /**
   * Applies to the next `times` requests (default: until cleared) whose `METHOD path` matches the pattern (default:
   * all).
   */
  readonly add: (fault: Fault, where?: { readonly match?: RegExp; readonly times?: number }) => void;
  readonly clear: () => void;
}

export interface StandIn {
  /** Without a trailing slash. */
  readonly url: string;
  readonly faults: Faults;
  /** Every request so far, oldest first. */
  readonly requests: readonly SeenRequest[];
  readonly close: () => Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  /** Instead of a body: chunks that are written one by one while the client reads. */
  readonly chunks?: Iterable<string>;
  readonly body?: string | Uint8Array;
}

export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export type Answer = (request: Incoming) => Reply | Promise<Reply>;

interface ArmedFault {
  readonly fault: Fault;
  readonly match: RegExp;
  left: number;
}

/** Serves `answer` on 127.0.0.1; port 0 takes any free one. */
export async function startStandIn(answer: Answer, port = 0): Promise<StandIn> {
  const requests: SeenRequest[] = [];
  const armed: ArmedFault[] = [];
  const server = createServer((request, response) => {
    const { method = "GET", url: path = "/", headers } = request;
    requests.push({ method, path, headers });
    const fault = takeFault(armed, `${method} ${path}`);
    serve({ request, response, answer }, fault).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  return {
    url: await listen(server, port),
    requests,
    faults: {
      add: (fault, { match = /^/, times = Number.POSITIVE_INFINITY } = {}) =>
        void armed.push({ fault, match, left: times }),
      clear: () => void armed.splice(0),
    },
    close: () => close(server),
  };
}

function takeFault(armed: readonly ArmedFault[], line: string): Fault | undefined {
  const found = armed.find(({ match, left }) => left > 0 && match.test(line));
  if (found !== undefined) found.left -= 1;
  return found?.fault;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly answer: Answer;
}

async function serve(exchange: Exchange, fault: Fault | undefined): Promise<void> {
  const { request, response } = exchange;
  switch (fault?.kind) {
    case "reset":
      request.socket.resetAndDestroy();
      return;
    case "lost":
      await truthful(exchange);
      request.socket.resetAndDestroy();
      return;
    case "timeout":
      return;
    case "status":
      return send(response, { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? "" });
    case "slow":
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return send(response, await truthful(exchange));
    case "truncated":
      return sendHalf(response, await truthful(exchange));
    case undefined:
      return send(response, await truthful(exchange));
  }
}

async function truthful({ request, answer }: Exchange): Promise<Reply> {
  const { method = "GET", url = "/", headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return answer({ method, url: new URL(url, "http://stand-in"), headers, body: Buffer.concat(chunks) });
}

function send(response: ServerResponse, { status, headers, chunks, body = "" }: Reply): void {
  if (chunks) pipeline(Readable.from(chunks), response.writeHead(status, headers), () => undefined);
  else response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers }).end(body);
}

function sendHalf(response: ServerResponse, { status, headers, body = "" }: Reply): void {
  const whole = Buffer.from(body);
  response.writeHead(status, { "content-length": whole.length, ...headers });
  response.write(whole.subarray(0, whole.length >> 1), () => response.destroy());
}

/** A port that is asked for by number was given up for a moment by who comes back to it: another process may have it. */
const PORT_TAKEN_MS = 20_000;

async function listen(server: Server, port: number): Promise<string> {
  const end = Date.now() + PORT_TAKEN_MS;
  for (;;) {
    server.listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
      return `http://127.0.0.1:${boundPort(server.address())}`;
    } catch (error) {
      if (!isPortTaken(error) || port === 0 || Date.now() > end) throw error;
      await sleep(100);
    }
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

function boundPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The stand-in has no TCP port");
  return address.port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export function json(
  status: number,
  value: unknown,
  headers: { readonly [name: string]: string } = {},
): Reply {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(value),
  };
}
