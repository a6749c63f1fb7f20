// POST /deployments/ID/status: what a deployer reports about a deployment of its own.

import type { FastifyInstance } from "fastify";

import { authenticateBasic } from "../inbox/authenticate.ts";
import { parseJson } from "../inbox/json.ts";
import type { Problem, Result } from "../model/problem.ts";
import type { Deployer } from "../model/settings.ts";
import { takeJsonBytes, toCall } from "./json-body.ts";
import { refuse } from "./problem-reply.ts";

export interface DeploymentRoutesPorts {
  readonly deployers: readonly Deployer[];
  /** Checks and notes the report; `forbidden` for a deployment that is not this deployer's. */
  readonly onReport: (
    about: { readonly deploymentId: number; readonly deployer: string; readonly at: Date },
    report: unknown,
  ) => Promise<Result<unknown>>;
  readonly now: () => Date;
}

export async function addDeploymentRoutes(app: FastifyInstance, ports: DeploymentRoutesPorts): Promise<void> {
  takeJsonBytes(app);
  app.post<{ Params: { id: string } }>("/deployments/:id/status", async (request, reply) => {
    const call = toCall(request);
    const deployer = authenticateBasic(call, ports.deployers);
    if (!deployer.ok) return refuse(reply, deployer.problems);
    const deploymentId = parseId(request.params.id);
    if (deploymentId === undefined) return refuse(reply, [unknownId(request.params.id)]);
    const report = parseJson(call.body);
    if (!report.ok) return refuse(reply, report.problems);
    const about = { deploymentId, deployer: deployer.value.name, at: ports.now() };
    const noted = await ports.onReport(about, report.value);
    return noted.ok ? reply.code(204).send() : refuse(reply, noted.problems);
  });
}

function parseId(text: string): number | undefined {
  const id = /^[1-9]\d*$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(id) ? id : undefined;
}

function unknownId(id: string): Problem {
  return {
    code: "not-found",
    message: `There is no deployment "${id}".`,
    help: "Use the DEPLOYMENT_ID that the deployer was called with.",
  };
}
