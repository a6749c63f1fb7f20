// POST /publish and GET /publishes/ID.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Problem } from "../../../domain/model/problem.ts";
import type { Receipt } from "../../../intake/accept.ts";
import { type AnnouncePorts, announce } from "../../../intake/announce.ts";
import { ANNOUNCEMENT_SCHEMA } from "../../../intake/body/announcement.ts";
import { admitPublisher } from "../../../intake/caller/authenticate.ts";
import type { LongPolls } from "../../../intake/caller/long-polls.ts";
import { fetchProgress, type Records } from "../../../intake/progress.ts";
import { takeJson, toCall } from "../bodies.ts";
import type { BodyBudget } from "../body-budget.ts";
import { PUBLISH_PROGRESS, publishRoute } from "../contract/routes.ts";
import { refuse } from "../problem-reply.ts";
import { summary } from "./publish-summary.ts";

export interface PublishRoutesPorts extends AnnouncePorts {
  readonly records: Records;
  readonly longPolls: LongPolls;
  /** Aborted when the server begins to stop. */
  readonly stopping: AbortSignal;
  readonly budget: BodyBudget;
}

const LONGEST_WAIT_SECONDS = 60;

export async function addPublishRoutes(app: FastifyInstance, ports: PublishRoutesPorts): Promise<void> {
  takeJson(app, ports.budget);
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    const admitted = await admitPublisher(request, ports);
    return admitted.ok ? undefined : refuse(reply, admitted.problems);
  };
  app.post("/publish", { onRequest, schema: publishRoute(ANNOUNCEMENT_SCHEMA) }, async (request, reply) => {
    const receipt = await announce(toCall(request), ports);
    return receipt.ok ? confirm(request, reply, receipt.value) : refuse(reply, receipt.problems);
  });
  app.get<{ Params: { id: string }; Querystring: { wait?: unknown } }>(
    "/publishes/:id",
    { schema: PUBLISH_PROGRESS },
    async (request, reply) => {
      const waitMs = parseWait(request.query.wait);
      if (waitMs === undefined) return refuse(reply, [BAD_WAIT]);
      const question = { call: toCall(request), id: request.params.id };
      const signal = AbortSignal.any([ports.stopping, whenGone(reply)]);
      const progress = await fetchProgress(question, ports, { waitMs, signal });
      return progress.ok ? reply.send(progress.value) : refuse(reply, progress.problems);
    },
  );
}

/** 202 for a new publish, 200 for a repeat. */
function confirm(request: FastifyRequest, reply: FastifyReply, { kind, publish }: Receipt): FastifyReply {
  return reply.code(kind === "accepted" ? 202 : 200).send(summary(request, publish));
}

/** Milliseconds; `undefined` when it is not a number of seconds. */
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
