// For the operator's machines: /healthz (is the process alive), /readyz (can it work), /metrics.

import type { FastifyInstance } from "fastify";

import { isSameText } from "../inbox/secret.ts";
import type { Problem } from "../model/problem.ts";
import type { Metrics } from "./metrics.ts";
import { refuse } from "./problem-reply.ts";

export interface HealthRoutesPorts {
  /** What keeps the server from working, one sentence each; empty when it can. */
  readonly notReady: () => Promise<readonly string[]>;
  readonly metrics: Metrics;
  /** Bearer token that /metrics asks for; open without one. */
  readonly metricsToken?: string;
}

export async function addHealthRoutes(app: FastifyInstance, ports: HealthRoutesPorts): Promise<void> {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const reasons = await ports.notReady();
    if (reasons.length === 0) return { status: "ready" };
    return refuse(reply, reasons.map(notReady));
  });
  app.get("/metrics", async (request, reply) => {
    if (!maySeeMetrics(request.headers.authorization, ports.metricsToken)) return refuse(reply, [NO_TOKEN]);
    return reply.header("content-type", ports.metrics.contentType).send(await ports.metrics.text());
  });
}

function maySeeMetrics(authorization: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true;
  const given = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  return isSameText(given ?? "", token);
}

function notReady(reason: string): Problem {
  return {
    code: "unavailable",
    message: reason,
    help: "Announcements are kept meanwhile where the database works; read the log for what is being tried.",
  };
}

const NO_TOKEN: Problem = {
  code: "unauthorized",
  message: "The metrics are not open to everyone.",
  help: "Send `Authorization: Bearer TOKEN` with the token that server.yaml gives under `metrics`.",
};
