// POST /publish, POST /publish/SYSTEM/NAME and GET /publishes/ID.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { Receipt } from "../inbox/accept.ts";
import { type AnnouncePorts, announce } from "../inbox/announce.ts";
import { type Notified, type NotifyPorts, notify, SYSTEMS } from "../inbox/notify.ts";
import { askProgress, type Records } from "../inbox/progress.ts";
import type { Problem } from "../model/problem.ts";
import { takeJsonBytes, toCall } from "./json-body.ts";
import { refuse } from "./problem-reply.ts";

export interface PublishRoutesPorts extends AnnouncePorts, NotifyPorts {
  readonly records: Records;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
}

const LONGEST_WAIT_SECONDS = 60;

export async function addPublishRoutes(app: FastifyInstance, ports: PublishRoutesPorts): Promise<void> {
  takeJsonBytes(app);
  app.post("/publish", async (request, reply) => {
    const receipt = await announce(toCall(request), ports);
    return receipt.ok ? confirm(request, reply, receipt.value) : refuse(reply, receipt.problems);
  });
  for (const system of SYSTEMS) {
    app.post<{ Params: { name: string } }>(`/publish/${system.name}/:name`, async (request, reply) => {
      const asked = { call: toCall(request), system, publisher: request.params.name };
      const notified = await notify(asked, ports);
      return notified.ok ? confirmNotified(request, reply, notified.value) : refuse(reply, notified.problems);
    });
  }
  app.get<{ Params: { id: string }; Querystring: { wait?: unknown } }>(
    "/publishes/:id",
    async (request, reply) => {
      const waitMs = parseWait(request.query.wait);
      if (waitMs === undefined) return refuse(reply, [BAD_WAIT]);
      const asked = { call: toCall(request), id: request.params.id };
      const signal = AbortSignal.any([ports.stopping, whenGone(reply)]);
      const progress = await askProgress(asked, ports, { waitMs, signal });
      return progress.ok ? reply.send(progress.value) : refuse(reply, progress.problems);
    },
  );
}

/** 202 for what was not known before, 200 for a repeat. */
function confirm(request: FastifyRequest, reply: FastifyReply, { kind, publish }: Receipt): FastifyReply {
  return reply.code(kind === "accepted" ? 202 : 200).send(summary(request, publish));
}

/** The first publish as `POST /publish` answers it; all of them beside it when the event named several charts. */
function confirmNotified(request: FastifyRequest, reply: FastifyReply, notified: Notified): FastifyReply {
  if (notified.kind === "ignored")
    return reply.code(202).send({ state: "ignored", because: notified.because });
  const { receipts, refused } = notified;
  const publishes = receipts.map(({ publish }) => summary(request, publish));
  reply.refusal = refused[0] ?? null;
  return reply.code(receipts.some(({ kind }) => kind === "accepted") ? 202 : 200).send({
    ...publishes[0],
    ...(publishes.length > 1 ? { publishes } : {}),
    ...(refused.length > 0
      ? { refused: refused.map(({ code, message, help }) => ({ code, message, help })) }
      : {}),
  });
}

function summary(
  request: FastifyRequest,
  { id, state }: Receipt["publish"],
): { readonly id: string; readonly state: string; readonly url: string } {
  return { id, state, url: absolute(request, `/publishes/${id}`) };
}

/** As the caller reaches this server, so that no setting can be wrong; only the path when it named no usable host. */
function absolute({ protocol, host }: FastifyRequest, path: string): string {
  return URL.parse(path, `${protocol}://${host}`)?.href ?? path;
}

/** Milliseconds; `undefined` for what is no number of seconds. */
function parseWait(wait: unknown): number | undefined {
  if (wait === undefined) return 0;
  if (typeof wait !== "string" || !/^\d{1,9}$/.test(wait)) return undefined;
  return Math.min(Number(wait), LONGEST_WAIT_SECONDS) * 1000;
}

function whenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}

const BAD_WAIT: Problem = {
  code: "malformed",
  message: "`wait` is not a whole number of seconds.",
  help: `Give ?wait=SECONDS, at most ${LONGEST_WAIT_SECONDS}, or leave it out to be answered at once.`,
};
