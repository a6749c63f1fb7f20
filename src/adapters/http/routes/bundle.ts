// GET /cli/chart-promoter.mjs and its checksum: the command line in one file, for agents that have Node and nothing else.

import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { pathToFileURL } from "node:url";
import type { FastifyPluginAsync } from "fastify";
import type { Problem } from "../../../domain/model/problem.ts";
import { bundleRoute } from "../contract/routes.ts";
import { refuse } from "../problem-reply.ts";

/** What `npm run bundle` writes, in the project or in the package made of it. */
const FOLDER = new URL("bundle/", pathToFileURL(findPackageJSON(import.meta.url) ?? ""));

const FILES = [
  ["chart-promoter.mjs", "text/javascript; charset=utf-8"],
  ["chart-promoter.mjs.sha256", "text/plain; charset=utf-8"],
] as const;

/** `folder`: where the files are looked for at each request. */
export function bundleRoutes(folder = FOLDER): FastifyPluginAsync {
  return async (app) => {
    for (const [name, type] of FILES)
      app.get(
        `/cli/${name}`,
        { schema: bundleRoute(type.split(";", 1)[0] ?? type) },
        async (_request, reply) => {
          const file = await readFile(new URL(name, folder)).catch(() => undefined);
          if (file === undefined) return refuse(reply, [NOT_BUILT]);
          return reply.type(type).header("cache-control", "no-cache").send(file);
        },
      );
  };
}

const NOT_BUILT: Problem = {
  code: "not-found",
  message: "The single file of the command line was not made on this server.",
  help: "Run `npm run bundle` where the server runs, or use the chart-promoter package.",
};
