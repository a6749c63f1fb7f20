// Which answers of a server are worth another try, and when. A repeated announcement is no second publish.

/** 502 and 504 are a proxy's in front of a server that starts; 425 and 429 ask for it. */
const PASSING = new Set([425, 429, 502, 503, 504]);

export function isPassing(status: number): boolean {
  return PASSING.has(status);
}

/** Of Node's and undici's errors: names that resolve later, and connections that were refused, cut or too slow. */
const PASSING_ERRORS =
  /^(?:ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_(?:SOCKET|CONNECT_TIMEOUT|HEADERS_TIMEOUT|BODY_TIMEOUT))$/;

export function isPassingError(error: unknown): boolean {
  const { name, code, cause } = Object(error);
  const { code: inner } = Object(cause);
  return name === "TimeoutError" || PASSING_ERRORS.test(String(inner ?? code));
}

const FIRST_MS = 1_000;
const SLOWEST_MS = 15_000;

/** `tries`: how many were made. Twice as long each time, unless the server says when (RFC 9110, 10.2.3). */
export function pauseBefore(tries: number, retryAfter: string | null, now: Date): number {
  const headerMs = retryAfter === null ? undefined : retryAfterMs(retryAfter, now);
  return headerMs ?? Math.min(FIRST_MS * 2 ** (tries - 1), SLOWEST_MS);
}

function retryAfterMs(written: string, now: Date): number | undefined {
  if (/^\d{1,9}$/.test(written)) return Number(written) * 1000;
  const at = Date.parse(written);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
