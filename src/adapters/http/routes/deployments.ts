// Reports of a deployer about its own deployments: their outcome (`status`), and the cluster's drift (`drift`).

import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from "fastify";
import { clip } from "../../../domain/model/clip.ts";
import type { Deployer } from "../../../domain/model/config/settings.ts";
import type { JsonLimits } from "../../../domain/model/json-excess.ts";
import type { Problem, Result } from "../../../domain/model/problem.ts";
import { parseJson } from "../../../intake/body/json.ts";
import { authenticateBasic } from "../../../intake/caller/authenticate.ts";
import { takeJson, toCall } from "../bodies.ts";
import type { BodyBudget } from "../body-budget.ts";
import type { AnswerSchema } from "../contract/answers.ts";
import { reportRoute } from "../contract/routes.ts";
import { refuse } from "../problem-reply.ts";

export interface DeploymentRoutesPorts {
  readonly deployers: readonly Deployer[];
  /** Validates and records the report; `forbidden` for another deployer's deployment. */
  readonly onReport: (
    about: { readonly deploymentId: number; readonly deployer: string; readonly at: Date },
    report: unknown,
  ) => Promise<Result<unknown>>;
  /** The same for drift. Durable when it resolves. */
  readonly onDrift: DeploymentRoutesPorts["onReport"];
  /** JSON Schemas of both kinds of report. */
  readonly reports: Readonly<Record<"status" | "drift", AnswerSchema>>;
  readonly now: () => Date;
  readonly budget: BodyBudget;
}

/** A report may have 10,000 resources, and as many fields as fit into a body. */
const DRIFT = { values: 500_000, keys: 20 };

export async function addDeploymentRoutes(app: FastifyInstance, ports: DeploymentRoutesPorts): Promise<void> {
  takeJson(app, ports.budget);
  const { status, drift } = ports.reports;
  addReport(
    app,
    { path: "status", take: ports.onReport, schema: reportRoute("How a deployment goes", status) },
    ports,
  );
  addReport(
    app,
    {
      path: "drift",
      take: ports.onDrift,
      most: DRIFT,
      schema: reportRoute("How the cluster differs from what was deployed last", drift),
    },
    ports,
  );
}

interface ReportRoute {
  readonly path: "status" | "drift";
  readonly take: DeploymentRoutesPorts["onReport"];
  readonly schema: FastifySchema;
  readonly most?: Partial<JsonLimits>;
}

function addReport(
  app: FastifyInstance,
  { path, take, schema, most }: ReportRoute,
  ports: DeploymentRoutesPorts,
): void {
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    const deployer = authenticateBasic(request, ports.deployers);
    return deployer.ok ? undefined : refuse(reply, deployer.problems);
  };
  app.post<{ Params: { id: string } }>(
    `/deployments/:id/${path}`,
    { onRequest, schema },
    async (request, reply) => {
      const call = toCall(request);
      const deployer = authenticateBasic(call, ports.deployers);
      if (!deployer.ok) return refuse(reply, deployer.problems);
      const deploymentId = parseId(request.params.id);
      if (deploymentId === undefined) return refuse(reply, [unknownId(request.params.id)]);
      const report = parseJson(call.body, most);
      if (!report.ok) return refuse(reply, report.problems);
      const about = { deploymentId, deployer: deployer.value.name, at: ports.now() };
      const noted = await take(about, report.value);
      return noted.ok ? reply.code(204).send() : refuse(reply, noted.problems);
    },
  );
}

function parseId(text: string): number | undefined {
  const id = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(id) ? id : undefined;
}

function unknownId(id: string): Problem {
  return {
    code: "not-found",
    message: `There is no deployment "${clip(id, 40)}".`,
    help: "Use the DEPLOYMENT_ID that the deployer was called with.",
  };
}
