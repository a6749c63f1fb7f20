// One HTTP request to a deployer. Redirects are not followed, so credentials stay with their origin.

import { USER_AGENT } from "../../domain/model/program.ts";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** Shown in messages instead of the URL, when its path is secret. */
  readonly shownAs?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type HttpResponse =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Headers;
      /** Truncated at 1 MiB. */
      readonly body: string;
    }
  /** `sent`: whether the request may have had an effect. */
  | { readonly kind: "unanswered"; readonly sent: "no" | "perhaps"; readonly reason: string };

export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

const bodyLimit = 1024 * 1024;

/** Error codes (Node's and undici's) that occur before the first byte of a request can have arrived. */
const unsentCodes = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** `timeoutMs` covers the whole exchange, including reading the response. */
export function httpClientWithin(timeoutMs: number): HttpClient {
  return async (request) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: { "user-agent": USER_AGENT, ...request.headers },
        redirect: "manual",
        signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const body = await readCapped(response);
      return { kind: "answered", status: response.status, headers: response.headers, body };
    } catch (error) {
      if (signal.aborted)
        return { kind: "unanswered", sent: "perhaps", reason: `no answer within ${timeoutMs / 1000} s` };
      return unanswered(error);
    }
  };
}

async function readCapped(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (size >= bodyLimit) break;
  }
  return text.slice(0, bodyLimit);
}

/** `fetch` fails with the network error as its cause; an error without one is a bug and is rethrown. */
function unanswered(error: unknown): HttpResponse {
  const cause = member(error, "cause");
  if (typeof cause !== "object" || cause === null) throw error;
  const code = codeOf(cause);
  return {
    kind: "unanswered",
    sent: code !== undefined && unsentCodes.has(code) ? "no" : "perhaps",
    reason: code ?? "the connection failed",
  };
}

/** The `code` of an error, or of the first one in an AggregateError (after trying every address of a host). */
function codeOf(error: unknown): string | undefined {
  const code = member(error, "code");
  if (typeof code === "string") return code;
  const errors = member(error, "errors");
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
