// Which responses are worth a retry, and when. A repeated announcement is no second publish.

/** 502 and 504 are from a proxy in front of a starting server; 425 and 429 ask for a retry. */
const PASSING = new Set([425, 429, 502, 503, 504]);

export function isPassing(status: number): boolean {
  return PASSING.has(status);
}

/** Errors of Node and undici: temporary DNS failures, and connections that were refused, reset or timed out. */
const PASSING_ERRORS =
  /^(?:ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_(?:SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

export function isPassingError(error: unknown): boolean {
  const { name, code, cause } = Object(error);
  const { code: inner } = Object(cause);
  return name === "TimeoutError" || PASSING_ERRORS.test(String(inner ?? code));
}

const FIRST_MS = 1_000;
const SLOWEST_MS = 15_000;

/**
 * `tries`: number of tries so far. Exponential backoff, unless the server says when (Retry-After, RFC 9110, 10.2.3).
 */
export function pauseBefore(tries: number, retryAfter: string | null, now: Date): number {
  const headerMs = retryAfter === null ? undefined : retryAfterMs(retryAfter, now);
  return headerMs ?? Math.min(FIRST_MS * 2 ** (tries - 1), SLOWEST_MS);
}

function retryAfterMs(written: string, now: Date): number | undefined {
  if (/^\d{1,9}$/.test(written)) return Number(written) * 1000;
  const at = Date.parse(written);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
