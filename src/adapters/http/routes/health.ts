// For monitoring: /healthz (liveness), /readyz (readiness), /metrics; and a front page for people.

import type { FastifyInstance } from "fastify";
import type { Settings } from "../../../domain/model/config/settings.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import { VERSION } from "../../../domain/model/program.ts";
import { isSecret } from "../../../intake/caller/secret.ts";
import { HEALTH, METRICS, READINESS, WHAT } from "../contract/routes.ts";
import type { Metrics } from "../metrics.ts";
import { refuse } from "../problem-reply.ts";

export interface HealthRoutesPorts {
  /** Reasons why the server cannot work, one sentence each; empty when it can. */
  readonly notReady: () => Promise<readonly string[]>;
  /** Further details, one sentence each. */
  readonly details: () => readonly string[];
  readonly metrics: Metrics;
  /** Whether another plugin handles `GET /`. */
  readonly hasFrontPage: boolean;
  /** Access to /metrics; absent: none. */
  readonly metricsAccess?: Settings["metrics"] | undefined;
}

export async function addHealthRoutes(app: FastifyInstance, ports: HealthRoutesPorts): Promise<void> {
  if (!ports.hasFrontPage)
    app.get("/", { schema: WHAT }, async (_request, reply) =>
      reply.type("text/plain; charset=utf-8").send(WHAT_THIS_IS),
    );
  app.get("/healthz", { schema: HEALTH }, async () => ({ status: "ok" }));
  app.get("/readyz", { schema: READINESS }, async (_request, reply) => {
    const reasons = await ports.notReady();
    const details = ports.details();
    if (reasons.length === 0) return { status: "ready", ...(details.length > 0 && { details }) };
    return refuse(reply, reasons.map(notReady));
  });
  app.get("/metrics", { schema: METRICS }, async (request, reply) => {
    if (!maySeeMetrics(request.headers.authorization, ports.metricsAccess))
      return refuse(reply.header("www-authenticate", 'Bearer realm="chart-promoter"'), [NO_TOKEN]);
    return reply.header("content-type", ports.metrics.contentType).send(await ports.metrics.text());
  });
}

const WHAT_THIS_IS = `chart-promoter ${VERSION}

A GitHub App that turns a published Helm chart into a pull request, and a merged pull request into the only deploy trigger.
Publishes are announced by POST /publish; /healthz says whether the process is alive, /readyz whether it can work.
`;

function maySeeMetrics(authorization: string | undefined, access: Settings["metrics"]): boolean {
  if (access?.access === "public") return true;
  const given = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  return access !== undefined && isSecret(given ?? "", access.token);
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
