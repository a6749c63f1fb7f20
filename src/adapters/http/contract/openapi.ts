// GET /openapi.json: the routes' own descriptions as OpenAPI 3.1.

import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { VERSION } from "../../../domain/model/program.ts";
import { SECURITY_SCHEMES } from "./routes.ts";

/** Call it before any route is added. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  await app.register(swagger, {
    // HTML pages have no description and no tags.
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
