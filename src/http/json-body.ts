// JSON bodies are kept as the bytes that came, because signatures are made over bytes.

import type { FastifyInstance, FastifyRequest } from "fastify";

import type { Call } from "../inbox/call.ts";

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|\s*$)/i;

/** For one plugin's routes: any JSON media type, nothing else. */
export function takeJsonBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
}

export function toCall({ headers, body }: FastifyRequest): Call {
  return { headers, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) };
}
