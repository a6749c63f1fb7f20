// The HTTP server: limits, request ids, error responses and the access log are configured here; the routes are in files
// of their own.

import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import fastify, { type FastifyInstance, type FastifyPluginAsync } from "fastify";
import type { Settings } from "../../domain/model/config/settings.ts";
import type { Problem } from "../../domain/model/problem.ts";
import { signingSecret } from "../../domain/model/secret/secret.ts";
import type { AcceptPorts, Inbox } from "../../intake/accept.ts";
import { LongPolls } from "../../intake/caller/long-polls.ts";
import { Quotas } from "../../intake/caller/quotas.ts";
import type { TokenCheck } from "../../intake/caller/token.ts";
import { WaitingBudget } from "../../intake/caller/waiting-budget.ts";
import type { Records } from "../../intake/progress.ts";
import type { UploadPorts } from "../../intake/upload/upload.ts";
import { addAccessLog } from "./access-log.ts";
import { endUnread } from "./bodies.ts";
import { BodyBudget } from "./body-budget.ts";
import { describeRoutes } from "./contract/openapi.ts";
import { addErrorAnswers, errorExplainer, rawAnswer } from "./errors.ts";
import type { HttpLog } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { serverWith } from "./pipelining.ts";
import { addMuseumRoutes } from "./routes/chartmuseum.ts";
import { addDeployerRoutes, type DeployerRoutesPorts } from "./routes/deployers.ts";
import { addDeploymentRoutes, type DeploymentRoutesPorts } from "./routes/deployments.ts";
import {
  addGitHubRoute,
  type GitHubRoutePorts,
  type NodeMiddleware,
  type WebhookCount,
} from "./routes/github.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addPublishRoutes } from "./routes/publish.ts";
import { addSystemRoutes } from "./routes/systems.ts";
import { trustsProxy } from "./trusted-proxies.ts";
import { withSettings } from "./with-settings.ts";

export interface HttpServerInput {
  readonly settings: Pick<
    Settings,
    "publishers" | "deployers" | "chartRepositories" | "webhookSecret" | "metrics" | "proxies"
  >;
  readonly store: Records;
  readonly clock: { now(): Date };
  readonly log: HttpLog;
  readonly metrics: Metrics;
  readonly checkToken: TokenCheck;
  readonly inbox: Inbox;
  /** A chart was overwritten in its repository by an upload. */
  readonly onReplaced: UploadPorts["onReplaced"];
  readonly onReport: DeploymentRoutesPorts["onReport"];
  readonly onDrift: DeploymentRoutesPorts["onDrift"];
  readonly reports: DeploymentRoutesPorts["reports"];
  readonly listWatched: DeployerRoutesPorts["listWatched"];
  readonly github: NodeMiddleware;
  readonly onLargeWebhook: GitHubRoutePorts["onLargeWebhook"];
  readonly webhooks: WebhookCount;
  readonly charts: Pick<UploadPorts, "museumApi" | "openArchive">;
  /** Reasons why the server cannot work, one sentence each. */
  readonly notReady: () => Promise<readonly string[]>;
  /** Further details, one sentence each. */
  readonly details?: () => readonly string[];
  /** Handles a call in the context of its `traceparent` header. */
  readonly within?: (traceparent: string | undefined, answer: () => void) => void;
  /** Further pages, such as the dashboard. */
  readonly plugins?: readonly FastifyPluginAsync[];
  /** Whether one of them handles `GET /`. */
  readonly hasFrontPage?: boolean;
}

const BODY_LIMIT = 2 ** 20;
/** Bytes of all announcements and reports in progress. */
const IN_FLIGHT = 32 * BODY_LIMIT;
const REQUEST_TIMEOUT_MS = 120_000;
/** How long an idle connection is kept open. */
const KEEP_ALIVE_MS = 72_000;
const SANE_REQUEST_ID = /^[\w.-]{1,64}$/;

/** Ready for `listen`; `close` ends long polls at once and waits for running requests. */
export async function createHttpServer(input: HttpServerInput): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    serverFactory: (answer) =>
      serverWith({ requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS }, answer),
    forceCloseConnections: "idle",
    trustProxy: trustsProxy(() => input.settings.proxies),
    genReqId: ({ headers }) => requestId(headers["x-request-id"]),
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (_error, _request, reply) => reply.callNotFound(),
  });
  const stopping = new AbortController();
  app.addHook("preClose", async () => stopping.abort());
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  // After the body has arrived: receiving it loses the trace context.
  if (input.within) {
    const { within } = input;
    app.addHook("preHandler", ({ headers: { traceparent } }, _reply, done) =>
      within(typeof traceparent === "string" ? traceparent : undefined, done),
    );
  }
  endUnread(app);
  addErrorAnswers(app, input.log);
  addAccessLog(app, input.log, input.metrics);
  await describeRoutes(app);
  await addRoutes(app, input, stopping.signal);
  await app.ready();
  return app;
}

/** Fastify searches all loaded modules for a plugin without a name. */
const named = <Plugin extends { readonly name: string }>(plugin: Plugin): Plugin =>
  Object.assign(plugin, { [Symbol.for("fastify.display-name")]: plugin.name || "routes" });

async function addRoutes(app: FastifyInstance, input: HttpServerInput, stopping: AbortSignal): Promise<void> {
  const { settings, store, log, metrics, github, onReport, onDrift, listWatched, notReady, checkToken } =
    input;
  const live = <Ports extends object>(ports: Ports) => withSettings(settings, ports);
  const accepting = acceptPorts(input);
  const { now } = accepting;
  const budget = new BodyBudget(IN_FLIGHT);
  const explain = errorExplainer(log);
  const onUnannounced = (problem: Problem) => log.warn({ problem }, "uploaded chart is not announced");
  const museum = { ...accepting, ...input.charts, onUnannounced, onReplaced: input.onReplaced };
  const signWith = signingSecret(settings.webhookSecret);
  const { details = () => [], hasFrontPage = false, onLargeWebhook, webhooks } = input;
  await app.register(
    named(addPublishRoutes),
    live({ ...accepting, checkToken, records: store, longPolls: new LongPolls(), stopping, budget }),
  );
  await app.register(named(addSystemRoutes), live({ ...accepting, checkToken, explain, budget }));
  await app.register(named(addMuseumRoutes), live(museum));
  await app.register(
    named(addDeploymentRoutes),
    live({ onReport, onDrift, reports: input.reports, now, budget }),
  );
  await app.register(named(addDeployerRoutes), live({ listWatched }));
  await app.register(named(addGitHubRoute), live({ github, onLargeWebhook, signWith, metrics, webhooks }));
  await app.register(named(addHealthRoutes), live({ notReady, details, hasFrontPage, metrics }));
  for (const plugin of input.plugins ?? []) await app.register(named(plugin));
}

function acceptPorts({ settings, inbox, clock, log }: HttpServerInput): AcceptPorts {
  return {
    inbox,
    quotas: new Quotas(() => settings.publishers),
    waitingBudget: new WaitingBudget(
      () => settings.publishers,
      (publisher) => inbox.waitingOf(publisher),
    ),
    now: () => clock.now(),
    onFailure: (error) => log.error({ err: error }, "publish could not be stored"),
  };
}

/** The caller's own id, if it is suitable for a log, so that both logs can be correlated. */
function requestId(given: string | readonly string[] | undefined): string {
  return typeof given === "string" && SANE_REQUEST_ID.test(given) ? given : randomUUID();
}

function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code !== "ECONNRESET" && socket.writable) socket.write(rawAnswer(error));
  socket.destroySoon();
}
