// Problems for requests that are refused before any route: too large bodies, media types, methods, unknown paths,
// ambiguous framing.

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { clip } from "../../domain/model/clip.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { BodyRefused } from "./bodies.ts";
import type { HttpLog } from "./log.ts";
import { refuseAmbiguous } from "./plain-framing.ts";
import { INTERNAL, problemBody, refuse } from "./problem-reply.ts";

/** Longer paths do not exist. */
const LONGEST_PATH = 300;

export function addErrorAnswers(app: FastifyInstance, log: HttpLog): void {
  const routes = collectRoutes(app);
  const explain = errorExplainer(log);
  app.setErrorHandler<FastifyError>((error, request, reply) => refuse(reply, [explain(error, request)]));
  app.setNotFoundHandler((request, reply) => refuseUnknown(request, reply, routes));
  refuseAmbiguous(app);
}

/** Turns an error into a problem; an unexpected one is logged and reported without details. */
export function errorExplainer(log: HttpLog): (error: FastifyError, request: FastifyRequest) => Problem {
  return (error, request) => {
    const problem = expected(error, request);
    if (problem !== undefined) return problem;
    log.error({ requestId: request.id, err: error }, "unexpected error while answering");
    return INTERNAL;
  };
}

/** https://fastify.dev/docs/latest/Reference/Errors/ */
function expected(error: FastifyError, request: FastifyRequest): Problem | undefined {
  if (error instanceof BodyRefused) return error.problem;
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return mediaType(request.headers["content-type"]);
  if (error.statusCode === undefined || error.statusCode < 400 || error.statusCode >= 500) return undefined;
  return {
    code: "malformed",
    message: `The request cannot be read: ${error.message}.`,
    help: "Send a well-formed HTTP request whose Content-Length is that of its body.",
  };
}

function mediaType(found: string | undefined): Problem {
  return {
    code: "unsupported-media-type",
    message: `The body's media type ${found === undefined ? "is not given" : `"${clip(found, 100)}" is not taken here`}.`,
    help: "Send JSON, with the header `Content-Type: application/json`.",
  };
}

interface Route {
  readonly pattern: RegExp;
  readonly method: string;
}

/** Filled while routes are added; for the `Allow` header. */
function collectRoutes(app: FastifyInstance): readonly Route[] {
  const routes: Route[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    const pattern = new RegExp(
      `^${url
        .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
        .replaceAll(/:\w+/g, "[^/]+")
        .replaceAll("\\*", ".*")}$`,
    );
    for (const one of [method].flat()) routes.push({ pattern, method: one });
  });
  return routes;
}

function refuseUnknown(request: FastifyRequest, reply: FastifyReply, routes: readonly Route[]): FastifyReply {
  const path = clip(request.url.split("?", 1)[0] ?? "", LONGEST_PATH);
  const allowed = [
    ...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)),
  ];
  if (allowed.length === 0) return refuse(reply, [unknownPath(request.method, path)]);
  const allow = allowed.sort().join(", ");
  reply.header("allow", allow);
  return refuse(reply, [wrongMethod(request.method, path, allow)]);
}

function unknownPath(method: string, path: string): Problem {
  return {
    code: "not-found",
    message: `There is nothing at ${method} ${path}.`,
    help: "Check the path; announcements go to POST /publish.",
  };
}

function wrongMethod(method: string, path: string, allow: string): Problem {
  return {
    code: "method-not-allowed",
    message: `${path} does not take ${method}.`,
    help: `Use ${allow}.`,
  };
}

/** For requests too malformed to reach a route: the complete response, as bytes for the socket. */
export function rawAnswer(error: { readonly code?: string }): string {
  const isTooSlow = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const body = problemBody(...broken(isTooSlow ? "too-slow" : "malformed"));
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${body.status} ${body.title}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Connection: close",
    "",
    text,
  ].join("\r\n");
}

function broken(code: "too-slow" | "malformed"): [Problem, readonly Problem[]] {
  const message =
    code === "too-slow" ? "The request did not arrive in time." : "This is not an HTTP request.";
  const problem = { code, message, help: "Send a complete HTTP/1.1 request." } as const;
  return [problem, [problem]];
}
