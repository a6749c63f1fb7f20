// POST /publish/SYSTEM/NAME: the webhooks of other systems.

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { fail, type Problem, type Result } from "../../../domain/model/problem.ts";
import {
  type Notification,
  type Notified,
  type NotifyPorts,
  notify,
  SYSTEMS,
  senderOf,
  statusFor,
} from "../../../intake/notify.ts";
import { takeJson, toCall } from "../bodies.ts";
import type { BodyBudget } from "../body-budget.ts";
import { systemRoute } from "../contract/routes.ts";
import { refuse } from "../problem-reply.ts";
import { summary } from "./publish-summary.ts";

export interface SystemRoutesPorts extends NotifyPorts {
  /** Turns a refusal by the framework, or an unexpected error, into a problem. */
  readonly explain: (error: FastifyError, request: FastifyRequest) => Problem;
  readonly budget: BodyBudget;
}

export async function addSystemRoutes(app: FastifyInstance, ports: SystemRoutesPorts): Promise<void> {
  takeJson(app, ports.budget);
  for (const system of SYSTEMS) addSystemRoute(app, system, ports);
}

type NamedRequest = FastifyRequest<{ Params: { name: string } }>;

function addSystemRoute(app: FastifyInstance, system: Notification["system"], ports: SystemRoutesPorts) {
  const about = (request: NamedRequest): Notification => ({
    call: toCall(request),
    system,
    publisher: request.params.name,
  });
  app.post<{ Params: { name: string } }>(`/publish/${system.name}/:name`, {
    schema: systemRoute(system.name),
    handler: async (request, reply) => answer(request, reply, await notify(about(request), ports)),
    errorHandler: (error, request: NamedRequest, reply) => {
      const refused = async (): Promise<Result<Notified>> => {
        const sender = await senderOf(about(request), ports);
        const isStranger = system.refusals === "body" && !sender.ok;
        return isStranger ? sender : fail(ports.explain(error, request));
      };
      void refused().then(
        (result) => answer(request, reply, statusFor(result, system)),
        () => reply.send(error),
      );
    },
  });
}

function answer(request: FastifyRequest, reply: FastifyReply, notified: Result<Notified>): FastifyReply {
  return notified.ok ? confirm(request, reply, notified.value) : refuse(reply, notified.problems);
}

/** The first publish as in `POST /publish`; all of them in addition when the event named several charts. */
function confirm(request: FastifyRequest, reply: FastifyReply, notified: Notified): FastifyReply {
  if (notified.kind === "ignored")
    return reply.code(202).send({ state: "ignored", because: notified.because });
  reply.refusal = notified.refused[0] ?? null;
  const refused = notified.refused.map(({ code, message, help }) => ({ code, message, help }));
  if (notified.kind === "refused") return reply.code(202).send({ state: "refused", refused });
  const { receipts } = notified;
  const publishes = receipts.map(({ publish }) => summary(request, publish));
  return reply.code(receipts.some(({ kind }) => kind === "accepted") ? 202 : 200).send({
    ...publishes[0],
    ...(publishes.length > 1 ? { publishes } : {}),
    ...(refused.length > 0 ? { refused } : {}),
  });
}
