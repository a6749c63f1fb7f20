// Refuses requests that a proxy in front may interpret differently than this server (request smuggling).

import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Problem } from "../../domain/model/problem.ts";
import { refuse } from "./problem-reply.ts";

/**
 * Node uses the first of these headers and silently drops duplicates. RFC 9112 §3.2 requires that a second Host is
 * refused.
 */
const ONCE = ["host", "authorization", "content-type"];

export function refuseAmbiguous(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ raw }, reply) => {
    const problem = ambiguityIn(raw);
    return problem && refuse(reply, [problem]);
  });
}

function ambiguityIn({ rawHeaders, headers }: IncomingMessage): Problem | undefined {
  const names = rawHeaders.filter((_text, at) => at % 2 === 0).map((name) => name.toLowerCase());
  const twice = ONCE.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined)
    return {
      code: "malformed",
      message: `The request has the header ${twice} more than once.`,
      help: "Send it once.",
    };
  const coding = headers["content-encoding"] ?? "identity";
  if (coding.toLowerCase() === "identity") return undefined;
  return {
    code: "unsupported-media-type",
    message: "The body's Content-Encoding is not taken here.",
    help: "Send the body as it is, without Content-Encoding.",
  };
}
