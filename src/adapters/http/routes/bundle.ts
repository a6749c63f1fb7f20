// GET /cli/chart-promoter.mjs and its checksum: the command line as a single file, for build agents with only Node.

import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { pathToFileURL } from "node:url";
import type { FastifyPluginAsync } from "fastify";
import type { Problem } from "../../../domain/model/problem.ts";
import { bundleRoute } from "../contract/routes.ts";
import { refuse } from "../problem-reply.ts";

/** The output of `npm run bundle`, in the project or in its package. */
const FOLDER = new URL("bundle/", pathToFileURL(findPackageJSON(import.meta.url) ?? ""));

const FILES = [
  ["chart-promoter.mjs", "text/javascript; charset=utf-8"],
  ["chart-promoter.mjs.sha256", "text/plain; charset=utf-8"],
] as const;

/** `folder`: searched for the files on each request. */
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
