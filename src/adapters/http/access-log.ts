// The access log: one line for each request, written after its response. Never contains headers, bodies or query
// strings.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { clip } from "../../domain/model/clip.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { HttpLog } from "./log.ts";
import type { Metrics } from "./metrics.ts";

declare module "fastify" {
  interface FastifyReply {
    /** Why the request was refused. */
    refusal: Problem | null;
  }
}

/** Maximum length of anything that a caller can choose, in characters: a refused request then logs less than 1 kB. */
const LONGEST = 300;

/** A trusted proxy may forward something that is not an address. */
const LONGEST_ADDRESS = 60;

/** Called often by machines, so successful requests are not logged. */
const QUIET = new Set(["/healthz", "/readyz", "/metrics"]);

export function addAccessLog(app: FastifyInstance, log: HttpLog, metrics: Metrics): void {
  app.decorateReply("refusal", null);
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unmatched";
    // The duration of a long poll says nothing about the server.
    if (Object(request.query).wait === undefined)
      metrics.observeHttp({
        method: request.method,
        route,
        status: reply.statusCode,
        seconds: reply.elapsedTime / 1000,
      });
    write(log, route, { request, reply });
  });
}

function write(
  log: HttpLog,
  route: string,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
): void {
  const fields = {
    requestId: request.id,
    method: request.method,
    from: clip(request.ip, LONGEST_ADDRESS),
    path: clip(request.url.split("?", 1)[0] ?? "", LONGEST),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
    ...(reply.refusal === null
      ? {}
      : { code: reply.refusal.code, because: clip(reply.refusal.message, LONGEST) }),
  };
  const { statusCode } = reply;
  if (QUIET.has(route) && (statusCode < 400 || statusCode === 503)) log.debug(fields, "request answered");
  else if (statusCode >= 500) log.error(fields, "request failed");
  else if (statusCode >= 400 || reply.refusal !== null) log.warn(fields, "request refused");
  else log.info(fields, "request answered");
}
