// One HTTP request with a time limit, a size limit, and credentials that never leave their origin.

import type { IncomingMessage } from "node:http";
import { pipeline, type Readable, Transform } from "node:stream";
import { types } from "node:util";
import { USER_AGENT } from "../../../domain/model/program.ts";
import { ACCEPTED_ENCODINGS, decoded } from "./content-encoding.ts";
import { isNamed, lookupWithin, type Reach } from "./reach.ts";
import { send } from "./send.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;
const KEPT_OF_AN_ERROR = 64 * 1024;
/**
 * A chunk costs at least a microsecond, however small it is, so the number of chunks is limited; this many are enough
 * for servers that write line by line, plus one for each so many bytes.
 */
const PIECES_FREE = 10_000;
const PER_PIECE = 32;

const SECOND = 1000;
const MEBIBYTE = 1024 * 1024;

/** Limits for JSON APIs, which are parsed at once, and for everything that may be large. */
export const QUICK = { timeoutMs: 15 * SECOND, maxBytes: 4 * MEBIBYTE };
export const BULKY = { timeoutMs: 120 * SECOND, maxBytes: 256 * MEBIBYTE };

export interface ChartRequest {
  readonly method?: "GET" | "HEAD";
  readonly url: URL;
  readonly headers?: { readonly [name: string]: string };
  /** Where it may go; absent when the operator chose `url`. */
  readonly reach?: Reach;
  /** Authorization header: sent to the origin of `url` only, not to redirects. */
  readonly authorization?: string | undefined;
  /** For the whole exchange, including the body. */
  readonly timeoutMs: number;
  /** Of the decompressed body. */
  readonly maxBytes: number;
  /**
   * `as-sent`: the bytes as received, whatever Content-Encoding says. Some servers set that header for a file that is
   * itself compressed; Helm disables decompression and saves the bytes as received.
   */
  readonly body?: "decoded" | "as-sent";
  /** Receives the body of a 200 in chunks, so that it is never in memory as a whole. */
  readonly write?: (chunk: Uint8Array) => void;
}

export type HttpAnswer =
  | {
      readonly kind: "answer";
      /** Method and URL of the first request, for messages. */
      readonly requested: string;
      /** Whether it is from a host that the operator did not name: its content must not appear in messages. */
      readonly isForeign: boolean;
      readonly status: number;
      /** By lower-case name; repeated headers are joined by commas. */
      readonly headers: ReadonlyMap<string, string>;
      /** Empty when `write` received it; the first 64 KiB when the status is not 200. */
      readonly body: Uint8Array;
    }
  | Failed;

/** No complete response. `reason` continues the sentence "GET … failed: ". */
interface Failed {
  readonly kind: "failed";
  readonly requested: string;
  readonly reason: string;
  /** It exceeds `maxBytes`, so a retry is pointless. */
  readonly isTooLarge?: true;
}

/** Follows up to five redirects; never from https to http. */
export async function request(request: ChartRequest): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(request.timeoutMs);
  try {
    const { response, from } = await follow(request, signal);
    const headers = headersOf(response);
    const body = await readBody(response, request);
    return {
      kind: "answer",
      requested: requestedAddress(request),
      isForeign: !isNamed(reachOf(request), from),
      status: response.statusCode ?? 0,
      headers,
      body,
    };
  } catch (error) {
    if (signal.aborted) return failed(request, `no whole answer within ${request.timeoutMs / SECOND} s`);
    const reason = networkReason(error);
    if (reason === undefined) throw error;
    return { ...failed(request, reason), ...(error instanceof TooLarge && { isTooLarge: true }) };
  }
}

function failed(request: ChartRequest, reason: string): Failed {
  return { kind: "failed", requested: requestedAddress(request), reason };
}

/** For messages. */
export function requestedAddress({ method = "GET", url }: Pick<ChartRequest, "method" | "url">): string {
  return `${method} ${shown(url)}`;
}

/** Without user name, password and query, which may be secret. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

interface Followed {
  readonly response: IncomingMessage;
  /** URL of the last redirect. */
  readonly from: URL;
}

async function follow(request: ChartRequest, signal: AbortSignal): Promise<Followed> {
  let url = request.url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const { method = "GET" } = request;
    const lookup = await lookupWithin(reachOf(request), url);
    const headers = headersFor(request, url);
    const response = await send(url, { method, headers, signal, ...(lookup && { lookup }) });
    const { location } = response.headers;
    if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) return { response, from: url };
    response.destroy();
    url = redirected(url, location);
  }
  throw new Broken(`more than ${MAX_REDIRECTS} redirects`);
}

function reachOf({ reach, url }: Pick<ChartRequest, "reach" | "url">): Reach {
  return reach ?? { home: url.hostname };
}

function headersFor(
  { headers, authorization, url, body }: ChartRequest,
  target: URL,
): { readonly [name: string]: string } {
  const own = authorization !== undefined && target.origin === url.origin;
  return {
    "user-agent": USER_AGENT,
    accept: "*/*",
    "accept-encoding": body === "as-sent" ? "identity" : ACCEPTED_ENCODINGS,
    ...headers,
    ...(own && { authorization }),
  };
}

function redirected(from: URL, location: string): URL {
  const to = URL.parse(location, from.href);
  if (to?.protocol !== "https:" && to?.protocol !== "http:")
    throw new Broken("a redirect to what is no web address");
  if (from.protocol === "https:" && to.protocol === "http:")
    throw new Broken(`a redirect from https to ${shown(to)}`);
  return to;
}

function headersOf({ headers }: IncomingMessage): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, [value].flat().join(", ")]],
    ),
  );
}

async function readBody(
  response: IncomingMessage,
  { method, body, maxBytes, write }: ChartRequest,
): Promise<Uint8Array> {
  if (method === "HEAD") {
    response.resume();
    return new Uint8Array();
  }
  const pieces = notInTooMany(response);
  const encoding = response.headers["content-encoding"];
  const chunks: Uint8Array[] = [];
  const whole = response.statusCode === 200;
  let size = 0;
  for await (const chunk of body === "as-sent" ? pieces : decoded(pieces, encoding)) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLarge(`more than ${maxBytes / MEBIBYTE} MiB`);
    if (whole && write !== undefined) write(chunk);
    else chunks.push(chunk);
    if (!whole && size > KEPT_OF_AN_ERROR) break;
  }
  return Buffer.concat(chunks);
}

function notInTooMany(body: Readable): Readable {
  let pieces = 0;
  let size = 0;
  const counted = new Transform({
    transform: (piece: Uint8Array, _encoding, done) => {
      pieces += 1;
      size += piece.length;
      if (pieces > PIECES_FREE + size / PER_PIECE) done(new Broken("too many pieces of a few bytes"));
      else done(null, piece);
    },
  });
  return pipeline(body, counted, () => undefined);
}

/** An unusable response, as opposed to a bug. */
class Broken extends Error {}
class TooLarge extends Broken {}

/** Why a request failed; `undefined` when it is not a network error: those of sockets, TLS and zlib have a code. */
function networkReason(error: unknown): string | undefined {
  if (error instanceof Broken) return error.message;
  if (!types.isNativeError(error) || !("code" in error)) return undefined;
  const [first] = error instanceof AggregateError ? error.errors : [];
  const { message } = types.isNativeError(first) ? first : error;
  return `${String(error.code)}: ${message}`;
}
