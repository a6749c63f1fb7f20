// POST /museum/REPOSITORY/api/charts and /api/prov, and the file that `helm cm-push` reads before it uploads.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Problem } from "../../../domain/model/problem.ts";
import { findMuseum, type Upload, type UploadPorts, upload } from "../../../intake/upload/upload.ts";
import { takeBodies, toCall } from "../bodies.ts";
import { BodyBudget } from "../body-budget.ts";
import { MUSEUM_INDEX, uploadRoute } from "../contract/routes.ts";
import { refuse } from "../problem-reply.ts";

type MuseumRequest = FastifyRequest<{ Params: { repository: string } }>;

/** ChartMuseum's own default (`--max-upload-size`). */
const UPLOAD_LIMIT = 20 * 2 ** 20;

/** Only complete uploads occupy a place, because only ChartMuseum can authenticate their callers. */
const MAX_AT_ONCE = 8;

export async function addMuseumRoutes(app: FastifyInstance, ports: UploadPorts): Promise<void> {
  takeBodies(app, { types: "*", budget: new BodyBudget(MAX_AT_ONCE * UPLOAD_LIMIT) });
  const preHandler = takeAtMost(MAX_AT_ONCE);
  const onRequest = async (request: MuseumRequest, reply: FastifyReply) => {
    const museum = findMuseum(request.params.repository, ports);
    return museum.ok ? undefined : refuse(reply, museum.problems);
  };
  for (const what of ["charts", "prov"] as const) {
    const schema = uploadRoute(what === "charts" ? "a chart" : "a provenance file");
    const options = { bodyLimit: UPLOAD_LIMIT, onRequest, preHandler, schema };
    app.post(`/museum/:repository/api/${what}`, options, async (request: MuseumRequest, reply) => {
      const passed = await upload(toUpload(request, what), ports);
      if (!passed.ok) return refuse(reply, passed.problems);
      return reply.code(passed.value.status).headers(passed.value.headers).send(passed.value.body);
    });
  }
  app.get(
    "/museum/:repository/index.yaml",
    { schema: MUSEUM_INDEX },
    async (request: MuseumRequest, reply) => {
      const museum = findMuseum(request.params.repository, ports);
      if (!museum.ok) return refuse(reply, museum.problems);
      return reply.header("content-type", "application/x-yaml").send(indexFor(museum.value.name));
    },
  );
}

function toUpload(request: MuseumRequest, what: Upload["what"]): Upload {
  const query = request.url.split("?").slice(1).join("?");
  return { call: toCall(request), repository: request.params.repository, what, query };
}

/** An index without charts, only with the path that cm-push puts before `/api`. */
function indexFor(repository: string): string {
  const contextPath = JSON.stringify(`/museum/${encodeURIComponent(repository)}`);
  return [
    "# This address takes uploads; charts are read from ChartMuseum itself.",
    "apiVersion: v1",
    "entries: {}",
    `generated: "${new Date(0).toISOString()}"`,
    "serverInfo:",
    `  contextPath: ${contextPath}`,
    "",
  ].join("\n");
}

function takeAtMost(limit: number): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  let underWay = 0;
  return async (_request, reply) => {
    if (underWay >= limit) return refuse(reply, [BUSY]);
    underWay += 1;
    reply.raw.once("close", () => {
      underWay -= 1;
    });
    return undefined;
  };
}

const BUSY: Problem = {
  code: "unavailable",
  message: `${MAX_AT_ONCE} uploads are being passed on already.`,
  help: "Send it again after the time in Retry-After.",
};
