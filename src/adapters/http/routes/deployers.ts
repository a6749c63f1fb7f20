// GET /deployers/NAME/watch: the environments that a deployer should check for drift.

import type { FastifyInstance } from "fastify";
import type { Deployer } from "../../../domain/model/config/settings.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import { authenticateBasic } from "../../../intake/caller/authenticate.ts";
import { WATCH } from "../contract/routes.ts";
import { refuse } from "../problem-reply.ts";

export interface DeployerRoutesPorts {
  readonly deployers: readonly Deployer[];
  readonly listWatched: (deployer: Deployer) => Promise<readonly object[]>;
}

export async function addDeployerRoutes(app: FastifyInstance, ports: DeployerRoutesPorts): Promise<void> {
  app.get<{ Params: { name: string } }>(
    "/deployers/:name/watch",
    { schema: WATCH },
    async (request, reply) => {
      const deployer = authenticateBasic(request, ports.deployers);
      if (!deployer.ok) return refuse(reply, deployer.problems);
      if (deployer.value.name !== request.params.name) return refuse(reply, [ofAnother(deployer.value)]);
      return reply.send({ environments: await ports.listWatched(deployer.value) });
    },
  );
}

function ofAnother({ name }: Deployer): Problem {
  return {
    code: "forbidden",
    message: "That is another deployer's list.",
    help: `Ask for /deployers/${name}/watch.`,
  };
}
