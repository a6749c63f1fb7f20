// Receives request bodies: after the caller was checked, as raw bytes (signatures cover bytes), within a memory budget,
// and with a minimum speed.

import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { Problem } from "../../domain/model/problem.ts";
import type { Call } from "../../intake/call.ts";
import type { BodyBudget } from "./body-budget.ts";

/** Thrown while a body is received; the error handler returns the problem. */
export class BodyRefused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

interface Taken {
  /** Media types; `*`: any. */
  readonly types: RegExp | "*";
  readonly budget: BodyBudget;
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|\s*$)/i;
const MIB = 2 ** 20;
/** Time limit for a body, plus an allowance for each MiB received. */
const FIRST_MS = 5_000;
const PER_MIB_MS = 4_000;
/**
 * Each chunk costs a hundred bytes and a microsecond, however small it is, so the number of chunks is limited: this
 * many, plus one for each so many bytes.
 */
const PIECES_FREE = 4_000;
const PER_PIECE = 256;

/** For the routes of one plugin: any JSON media type, nothing else. */
export function takeJson(app: FastifyInstance, budget: BodyBudget): void {
  takeBodies(app, { types: JSON_TYPE, budget });
}

/** For the routes of one plugin. Requests refused in `onRequest` are answered before any of the body is read. */
export function takeBodies(app: FastifyInstance, { types, budget }: Taken): void {
  leaveUnread(app, types);
  app.addHook("preValidation", async (request, reply) => {
    request.body = await takeIn(request, reply, budget);
  });
}

/** Fastify itself would read a body before it answers, also where there is no route, without a budget. */
function leaveUnread(app: FastifyInstance, types: Taken["types"]): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(types, (_request, _unread, done) => done(null));
}

/**
 * For all routes: a body is read only where a plugin takes it, and the connection is closed after the response if it
 * was not read completely.
 */
export function endUnread(app: FastifyInstance): void {
  leaveUnread(app, "*");
  app.addHook("onSend", async ({ raw }, reply) => {
    if (!hasBody(raw) || raw.complete) return;
    // Otherwise Node would continue to read the body, only to discard it.
    raw._read = () => undefined;
    raw.socket.pause();
    reply.header("connection", "close");
  });
}

/** RFC 9112 section 6. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

export function toCall({ headers, body, query }: FastifyRequest): Call {
  const { token } = Object(query);
  return {
    headers,
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    ...(typeof token === "string" && { token }),
  };
}

async function takeIn(request: FastifyRequest, reply: FastifyReply, budget: BodyBudget): Promise<Buffer> {
  const limit = request.routeOptions.bodyLimit ?? MIB;
  if (Number(request.headers["content-length"] ?? 0) > limit) throw new BodyRefused(tooLarge(limit));
  const turnedAway = Promise.withResolvers<never>();
  turnedAway.promise.catch(() => undefined);
  const held = budget.open(() => turnedAway.reject(new BodyRefused(NO_ROOM)));
  reply.raw.once("close", () => held.release());
  const arriving = receive(request.raw, { limit, onBytes: (bytes) => held.grow(bytes), turnedAway });
  const body = await arriving;
  held.arrived();
  return body;
}

interface Receiving {
  readonly limit: number;
  readonly onBytes: (bytes: number) => void;
  /** Rejects when the budget turns this body away. */
  readonly turnedAway: PromiseWithResolvers<never>;
}

/** On a refusal the rest is not read: the connection is closed after the response. */
async function receive(raw: IncomingMessage, { limit, onBytes, turnedAway }: Receiving): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let received = 0;
  let pieces = 0;
  const refuse = (problem: Problem) => turnedAway.reject(new BodyRefused(problem));
  const stopWatch = refuseWhenLate(
    () => received,
    () => refuse(tooSlow(received)),
  );
  const onData = (chunk: Buffer) => {
    received += chunk.length;
    pieces += 1;
    if (received > limit) return refuse(tooLarge(limit));
    if (pieces > PIECES_FREE + received / PER_PIECE) return refuse(IN_PIECES);
    chunks.push(chunk);
    return onBytes(chunk.length);
  };
  const ended = Promise.withResolvers<void>();
  const onCut = () => refuse(CUT_OFF);
  raw.on("data", onData).once("end", ended.resolve).once("error", onCut).once("close", onCut);
  try {
    await Promise.race([ended.promise, turnedAway.promise]);
    return Buffer.concat(chunks);
  } finally {
    stopWatch();
    raw.off("data", onData).off("close", onCut).pause();
    chunks.length = 0;
  }
}

/** Returns a function that stops the timer. Node's own request timeout does not depend on the size. */
function refuseWhenLate(received: () => number, refuse: () => void): () => void {
  const begun = performance.now();
  const leftMs = () => FIRST_MS + (received() / MIB) * PER_MIB_MS - (performance.now() - begun);
  const check = () => {
    if (leftMs() <= 0) return refuse();
    timer = setTimeout(check, leftMs());
    return undefined;
  };
  let timer = setTimeout(check, FIRST_MS);
  return () => clearTimeout(timer);
}

function tooLarge(limit: number): Problem {
  return {
    code: "too-large",
    message: `The body is larger than the ${(limit / MIB).toFixed(0)} MiB that are taken here.`,
    help: "Send a smaller body.",
  };
}

function tooSlow(received: number): Problem {
  return {
    code: "too-slow",
    message: `The body did not arrive in time: ${received} bytes came.`,
    help: `Send it within ${FIRST_MS / 1000} seconds, and ${PER_MIB_MS / 1000} more for each MiB.`,
  };
}

const CUT_OFF: Problem = {
  code: "malformed",
  message: "The connection ended before the body did.",
  help: "Send it again, whole.",
};

const IN_PIECES: Problem = {
  code: "malformed",
  message: "The body comes in too many pieces of a few bytes.",
  help: "Send it with Content-Length, or in chunks of some kilobytes.",
};

const NO_ROOM: Problem = {
  code: "unavailable",
  message: "Too many bodies arrive at the same time, and this is the largest of them.",
  help: "Send it again after the time in Retry-After.",
};
