// The parts of an HTTP request that the endpoints use: the headers, and the raw bytes of the body, which signatures
// cover.

import type { IncomingHttpHeaders } from "node:http";

export interface Call {
  readonly headers: IncomingHttpHeaders;
  /** `?token=` of the URL, for systems that cannot send a custom header. */
  readonly token?: string;
  readonly body: Buffer;
}

/** The header's value; a repeated header counts as absent, since it is ambiguous. */
export function header(call: Pick<Call, "headers">, name: string): string | undefined {
  const value = call.headers[name];
  return typeof value === "string" ? value : undefined;
}
