// The one HTTP server: limits, ids, error answers and the log line are set here, the routes beside it.

import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import fastify, { type FastifyInstance, type FastifyPluginAsync } from "fastify";

import type { AcceptPorts, Inbox } from "../inbox/accept.ts";
import type { Records } from "../inbox/progress.ts";
import type { UploadPorts } from "../inbox/upload.ts";
import type { Publish } from "../model/publish.ts";
import type { Settings } from "../model/settings.ts";
import { addAccessLog } from "./access-log.ts";
import { addDeploymentRoutes, type DeploymentRoutesPorts } from "./deployment-routes.ts";
import { addErrorAnswers, rawAnswer } from "./errors.ts";
import { addGitHubRoute, type NodeMiddleware } from "./github-route.ts";
import { addHealthRoutes } from "./health-routes.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { addMuseumRoutes } from "./museum-routes.ts";
import { addPublishRoutes } from "./publish-routes.ts";

export interface HttpServerInput {
  readonly settings: Pick<
    Settings,
    "publishers" | "deployers" | "chartRepositories" | "webhookSecret" | "metricsToken"
  >;
  readonly store: Records & { readonly publishes: Inbox };
  readonly clock: { now(): Date };
  readonly log: Log;
  readonly metrics: Metrics;
  /** Sees to it that a publish is looked at. */
  readonly onPublish: (publish: Publish) => Promise<void>;
  readonly onReport: DeploymentRoutesPorts["onReport"];
  readonly github: NodeMiddleware;
  readonly charts: Pick<UploadPorts, "museumApi" | "openArchive">;
  /** What keeps the server from working, one sentence each. */
  readonly notReady: () => Promise<readonly string[]>;
  /** Further pages, such as the dashboard. */
  readonly plugins?: readonly FastifyPluginAsync[];
}

const BODY_LIMIT = 2 ** 20;
const REQUEST_TIMEOUT_MS = 120_000;
const SANE_REQUEST_ID = /^[\w.-]{1,64}$/;

/** Ready for `listen`; `close` ends long polls at once and waits for requests under way. */
export async function createHttpServer(input: HttpServerInput): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    trustProxy: ["loopback", "linklocal", "uniquelocal"],
    genReqId: ({ headers }) => requestId(headers["x-request-id"]),
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (_error, _request, reply) => reply.callNotFound(),
  });
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  addErrorAnswers(app, input.log);
  addAccessLog(app, input.log, input.metrics);
  await addRoutes(app, input, stopping.signal);
  await app.ready();
  return app;
}

async function addRoutes(app: FastifyInstance, input: HttpServerInput, stopping: AbortSignal): Promise<void> {
  const { settings, store, log, metrics, github, onReport, notReady } = input;
  const { publishers, deployers, chartRepositories: repositories, webhookSecret, metricsToken } = settings;
  const accepting = acceptPorts(input);
  const { now } = accepting;
  await app.register(addPublishRoutes, { ...accepting, publishers, repositories, records: store, stopping });
  await app.register(addMuseumRoutes, {
    ...accepting,
    ...input.charts,
    repositories,
    onUnannounced: (problem) => log.warn({ problem }, "uploaded chart is not announced"),
  });
  await app.register(addDeploymentRoutes, { deployers, onReport, now });
  await app.register(addGitHubRoute, { github, webhookSecret, metrics });
  await app.register(addHealthRoutes, {
    notReady,
    metrics,
    ...(metricsToken === undefined ? {} : { metricsToken }),
  });
  for (const plugin of input.plugins ?? []) await app.register(plugin);
}

function acceptPorts({ store, clock, log, onPublish }: HttpServerInput): AcceptPorts {
  return {
    inbox: store.publishes,
    now: () => clock.now(),
    onPublish,
    onFailure: (error) => log.error({ err: error }, "publish could not be stored"),
  };
}

/** The caller's own, so that its log and ours can be laid side by side, when it is fit for a log. */
function requestId(given: string | readonly string[] | undefined): string {
  return typeof given === "string" && SANE_REQUEST_ID.test(given) ? given : randomUUID();
}

function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== "ECONNRESET" && socket.writable) socket.write(rawAnswer(error));
  socket.destroySoon();
}
