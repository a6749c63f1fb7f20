// Forwards a request to ChartMuseum with the caller's own headers, including credentials.

import { types } from "node:util";

import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Call } from "../call.ts";

export interface PassedOn {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
}

const TIMEOUT_MS = 60_000;

/** Hop-by-hop headers (RFC 9110 section 7.6.1), and those that are set again for the next hop. */
const NOT_PASSED_ON =
  /^(?:host|connection|keep-alive|te|trailer|upgrade|expect|transfer-encoding|content-length|accept-encoding|proxy-.*|x-forwarded-.*|forwarded)$/;
const PASSED_BACK = ["content-type", "www-authenticate", "retry-after"];

/** Tries the next URL when one answers that it has no such route. */
export async function passOn(call: Call, addresses: readonly string[]): Promise<Result<PassedOn>> {
  const [address = "", ...others] = addresses;
  const passed = await post(call, address);
  return passed.ok && hasNoRoute(passed.value) && others.length > 0 ? passOn(call, others) : passed;
}

async function post(call: Call, address: string): Promise<Result<PassedOn>> {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: passedHeaders(call),
      body: new Uint8Array(call.body),
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const { status } = answer;
    if (status >= 300 && status < 400) return fail(unreachable(address, `it answered ${status}, a redirect`));
    return ok({ status, headers: answerHeaders(answer), body: Buffer.from(await answer.arrayBuffer()) });
  } catch (error) {
    const reason = networkReason(error);
    if (reason === undefined) throw error;
    return fail(unreachable(address, reason));
  }
}

function passedHeaders({ headers }: Call): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" && !NOT_PASSED_ON.test(name) ? [[name, value]] : [],
  );
}

function answerHeaders({ headers }: Response): { readonly [name: string]: string } {
  return Object.fromEntries(
    PASSED_BACK.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** ChartMuseum's own message; an upload cannot be answered by a missing chart. */
function hasNoRoute({ status, body }: PassedOn): boolean {
  return status === 404 && /"not found"|404 page not found/.test(body.toString());
}

/** `undefined` for a bug: fetch gives network failures a cause, and timeouts a name. */
function networkReason(error: unknown): string | undefined {
  if (error instanceof DOMException && error.name === "TimeoutError")
    return `no answer within ${TIMEOUT_MS} ms`;
  if (!types.isNativeError(error) || !types.isNativeError(error.cause)) return undefined;
  return "code" in error.cause ? String(error.cause.code) : error.cause.message;
}

function unreachable(address: string, reason: string): Problem {
  const { origin, pathname } = new URL(address);
  return {
    code: "chart-repository-unreachable",
    message: `POST ${origin}${pathname} failed: ${reason}.`,
    help: "Check that ChartMuseum is up and that `fetchFrom` (or `url`) in server.yaml is its final address, then upload again.",
  };
}
