// What a door sees of an HTTP request: the headers, and the body byte for byte as it was signed.

import type { IncomingHttpHeaders } from "node:http";

export interface Call {
  readonly headers: IncomingHttpHeaders;
  /** `?token=` of the address, for systems that can send no header of their owner's. */
  readonly token?: string;
  readonly body: Buffer;
}

/** The header's text; a header that came several times counts as absent, because nobody can say which one is meant. */
export function header(call: Pick<Call, "headers">, name: string): string | undefined {
  const value = call.headers[name];
  return typeof value === "string" ? value : undefined;
}
