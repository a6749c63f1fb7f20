// GET /openapi.json: what the routes say of themselves, as OpenAPI 3.1.

import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { VERSION } from "../../../domain/model/program.ts";
import { SECURITY_SCHEMES } from "./routes.ts";

/** Before any route is added. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  await app.register(swagger, {
    // Pages for people say nothing of themselves, and have no tags.
    hideUntagged: true,
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "chart-promoter",
        version: VERSION,
        description:
          "A published Helm chart becomes a pull request, and a merged pull request the only deploy trigger.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: { securitySchemes: SECURITY_SCHEMES },
    },
  });
  app.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) =>
    reply.header("access-control-allow-origin", "*").send(app.swagger()),
  );
}
