// One bounded request: a time limit, a size limit, and credentials that never leave the origin they are meant for.

import { types } from "node:util";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 5;
const KEPT_OF_AN_ERROR = 64 * 1024;

const SECOND = 1000;
const MEBIBYTE = 1024 * 1024;

/** What is asked of JSON interfaces, and what is asked of everything that may be large. */
export const QUICK = { timeoutMs: 15 * SECOND, maxBytes: 16 * MEBIBYTE };
export const BULKY = { timeoutMs: 120 * SECOND, maxBytes: 256 * MEBIBYTE };

export interface Request {
  readonly method?: "GET" | "HEAD";
  readonly url: URL;
  readonly headers?: { readonly [name: string]: string };
  /** Value of the Authorization header: sent to the origin of `url` only, whatever it redirects to. */
  readonly authorization?: string | undefined;
  /** For the whole exchange, body included. */
  readonly timeoutMs: number;
  /** Of the body, after decompression. */
  readonly maxBytes: number;
  /** Is given the body of a 200 piece by piece, to keep or to pass on, so that it is never held whole. */
  readonly write?: (chunk: Uint8Array) => void;
}

export type Answer =
  | {
      readonly kind: "answer";
      /** Method and URL as first asked, for telling people. */
      readonly asked: string;
      readonly status: number;
      /** By name in lower case. */
      readonly headers: ReadonlyMap<string, string>;
      /** Empty when it was written elsewhere; the first 64 KiB when the status is not 200. */
      readonly body: Uint8Array;
    }
  | Failed;

/** No whole answer came. `reason` continues the sentence "GET … failed: ". */
interface Failed {
  readonly kind: "failed";
  readonly asked: string;
  readonly reason: string;
}

/** Asks once, following up to five redirects; never from https to http. */
export async function request(request: Request): Promise<Answer> {
  const signal = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await follow(request, signal);
    const { status, headers } = response;
    const body = await readBody(response, request);
    return { kind: "answer", asked: asked(request), status, headers: new Map(headers), body };
  } catch (error) {
    if (signal.aborted) return failed(request, `no whole answer within ${request.timeoutMs / SECOND} s`);
    const reason = networkReason(error);
    if (reason === undefined) throw error;
    return failed(request, reason);
  }
}

function failed(request: Request, reason: string): Failed {
  return { kind: "failed", asked: asked(request), reason };
}

/** For telling people. */
export function asked({ method = "GET", url }: Pick<Request, "method" | "url">): string {
  return `${method} ${shown(url)}`;
}

/** Without user name, password and query, which may be secret. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}

async function follow(request: Request, signal: AbortSignal): Promise<Response> {
  let url = request.url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const response = await fetch(url, {
      method: request.method ?? "GET",
      headers: headersFor(request, url),
      redirect: "manual",
      signal,
    });
    const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
    if (location === null) return response;
    await response.body?.cancel();
    url = redirected(url, location);
  }
  throw new Broken(`more than ${MAX_REDIRECTS} redirects`);
}

function headersFor(
  { headers, authorization, url }: Request,
  target: URL,
): { readonly [name: string]: string } {
  const own = authorization !== undefined && target.origin === url.origin;
  return { "user-agent": "chart-promoter", ...headers, ...(own && { authorization }) };
}

function redirected(from: URL, location: string): URL {
  const to = URL.parse(location, from.href);
  if (to?.protocol !== "https:" && to?.protocol !== "http:")
    throw new Broken(`a redirect to "${location}", which is no web address`);
  if (from.protocol === "https:" && to.protocol === "http:")
    throw new Broken(`a redirect from https to ${shown(to)}`);
  return to;
}

async function readBody(response: Response, { maxBytes, write }: Request): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  const whole = response.status === 200;
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) throw new Broken(`more than ${maxBytes / MEBIBYTE} MiB`);
    if (whole && write !== undefined) write(chunk);
    else chunks.push(chunk);
    if (!whole && size > KEPT_OF_AN_ERROR) break;
  }
  return Buffer.concat(chunks);
}

/** An answer that cannot be used, as opposed to a bug. */
class Broken extends Error {}

/** Why a request failed, or nothing when the error is no network's: fetch gives every failure of the network a cause. */
function networkReason(error: unknown): string | undefined {
  if (error instanceof Broken) return error.message;
  if (!types.isNativeError(error) || !types.isNativeError(error.cause)) return undefined;
  const { cause } = error;
  const [first] = cause instanceof AggregateError ? cause.errors : [];
  const { message } = types.isNativeError(first) ? first : cause;
  return "code" in cause ? `${String(cause.code)}: ${message}` : message;
}
