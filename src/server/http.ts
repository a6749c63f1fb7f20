// Connects the HTTP server to the application.

import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { createNodeMiddleware } from "probot";
import { museumApi } from "../adapters/charts/chartmuseum.ts";
import { parseWebhook } from "../adapters/github/webhooks/parse-webhook.ts";
import type { Metrics } from "../adapters/http/metrics.ts";
import type { Readiness } from "../adapters/http/readiness.ts";
import { bundleRoutes } from "../adapters/http/routes/bundle.ts";
import type { GitHubRoutePorts } from "../adapters/http/routes/github.ts";
import { schemaRoutes } from "../adapters/http/routes/schemas.ts";
import { createHttpServer } from "../adapters/http/server.ts";
import { tokenVerifier } from "../adapters/identity/verify-token.ts";
import { webhooksInWords } from "../domain/model/github/webhook-state.ts";
import { acceptDriftReport, acceptReport } from "../reconcile/deployment/accept-report.ts";
import { REPORT_SCHEMA } from "../reconcile/deployment/report.ts";
import { DRIFT_REPORT_SCHEMA } from "../reconcile/drift/drift-report.ts";
import { listWatched } from "../reconcile/drift/list-watched.ts";
import { chartWork } from "../reconcile/keys.ts";
import type { Accepted } from "../reconcile/ports/store/publishes.ts";
import type { QueuedWork } from "../reconcile/ports/store/queue.ts";
import { enqueueReplaced } from "../reconcile/publish/enqueue-judged.ts";
import { receiveWebhook } from "../reconcile/receive-webhook.ts";
import { jsonSchemas, SCHEMA_FILES } from "../settings/json-schemas.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Reload } from "./reload.ts";
import { tracedReport } from "./tracing.ts";

interface HttpParts {
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  readonly reload: Pick<Reload, "details">;
}

export async function openHttp(
  dependencies: Dependencies,
  { metrics, readiness, reload }: HttpParts,
): Promise<FastifyInstance> {
  const { deps, charts, webhooks, traces, lacking, log } = dependencies;
  const { settings, store, clock } = deps;
  return createHttpServer({
    settings,
    store,
    clock: { now: clock },
    log,
    metrics,
    checkToken: tokenVerifier(clock),
    inbox: {
      accept: (announcement, about) => store.publishes.accept(announcement, { ...about, workFor }),
      acceptRepeat: (announcement, about) =>
        store.publishes.acceptRepeat(announcement, { ...about, workFor }),
      waitingOf: (publisher) => store.publishes.waitingOf(publisher),
    },
    onReplaced: (chart) => enqueueReplaced(chart, deps),
    onReport: (about, body) => tracedReport(about.deploymentId, deps, () => acceptReport(about, body, deps)),
    onDrift: (about, body) => acceptDriftReport(about, body, deps),
    reports: { status: REPORT_SCHEMA, drift: DRIFT_REPORT_SCHEMA },
    listWatched: (deployer) => listWatched(deployer, deps),
    github: await webhookMiddleware(dependencies),
    onLargeWebhook: largeWebhookReceiver(dependencies),
    webhooks,
    charts: { museumApi, openArchive: charts.openArchive },
    ...(traces && { within: (traceparent, answer) => traces.within(traceparent, answer) }),
    plugins: [schemaRoutes(SCHEMA_FILES, jsonSchemas), bundleRoutes(), ...(await pagesOf(dependencies))],
    hasFrontPage: settings.dashboard !== "off",
    notReady: () => readiness.notReady(),
    details: () => [...reload.details(), ...lacking, webhooksInWords(webhooks.state())],
  });
}

/** The dashboard is loaded only if server.yaml enables it. */
async function pagesOf(dependencies: Dependencies): Promise<readonly FastifyPluginAsync[]> {
  if (dependencies.deps.settings.dashboard === "off") return [];
  const { dashboardOf } = await import("./dashboard.ts");
  return [dashboardOf(dependencies)];
}

function workFor({ kind, publish }: Accepted): QueuedWork | undefined {
  return kind === "conflict" ? undefined : chartWork(publish);
}

/** Probot verifies the signature; a webhook is stored before it is answered. */
function webhookMiddleware({ deps, app, identity }: Dependencies) {
  return createNodeMiddleware(
    (probot) => {
      probot.onAny(async ({ id, name, payload }) => {
        const slug = await identity().catch(() => undefined);
        await receiveWebhook({ id, name, webhook: parseWebhook({ name, payload }, slug) }, deps);
      });
    },
    { probot: app.probot, webhooksPath: "/api/github/webhooks" },
  );
}

/** The same for webhooks that are too large for Probot. */
function largeWebhookReceiver({
  deps,
  largeWebhooks,
  identity,
}: Dependencies): GitHubRoutePorts["onLargeWebhook"] {
  return async ({ id, name, body }) => {
    const slug = await identity().catch(() => undefined);
    const read = await largeWebhooks.read({ name, body, slug });
    if (read.kind === "given-up") deps.log.error({ delivery: id, because: read.because }, "webhook not read");
    if (read.kind !== "parsed") return read.kind === "malformed" ? "malformed" : "failed";
    try {
      await receiveWebhook({ id, name, webhook: read.webhook }, deps);
      return "stored";
    } catch (error) {
      deps.log.error({ delivery: id, err: error }, "webhook not stored");
      return "failed";
    }
  };
}
