// GET /schema/NAME.json: the JSON Schemas of the config files, for editors, including those in a browser.

import type { FastifyPluginAsync } from "fastify";
import { SCHEMA } from "../contract/routes.ts";

/** `schemas`: by name, created on request. */
export function schemaRoutes(
  names: readonly string[],
  schemas: () => ReadonlyMap<string, object>,
): FastifyPluginAsync {
  return async (app) => {
    for (const name of names)
      app.get(`/schema/${name}`, { schema: SCHEMA }, async (_request, reply) =>
        reply
          .header("content-type", "application/schema+json")
          .header("access-control-allow-origin", "*")
          .header("cache-control", "public, max-age=3600")
          .send(JSON.stringify(schemas().get(name))),
      );
  };
}
