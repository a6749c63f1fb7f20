// The running program: adapters are made, the flow is given its world, and both are stopped in the right order.

import type { Logger } from "pino";
import { createNodeMiddleware } from "probot";
import { chartAccess } from "./charts/chart-access.ts";
import { museumApi } from "./charts/chartmuseum.ts";
import { controlOf } from "./control/control.ts";
import { serveControl } from "./control/socket.ts";
import { parseReport, report } from "./deploy/report.ts";
import { RememberedChecks } from "./flow/check/remembered-checks.ts";
import { hearWebhook } from "./flow/installation/hear.ts";
import { resume } from "./flow/installation/resume.ts";
import type { World } from "./flow/world.ts";
import { onMark } from "./flow.ts";
import { createGitHubApp } from "./github/app.ts";
import { hear } from "./github/events.ts";
import { gitHub } from "./github/github.ts";
import { createMetrics } from "./http/metrics.ts";
import { createHttpServer } from "./http/server.ts";
import { inspectionTools } from "./inspection.ts";
import type { Settings } from "./model/settings.ts";
import { Readiness } from "./readiness.ts";
import { openStore } from "./store/open-store.ts";

export interface Server {
  /** Where it listens. */
  readonly url: string;
  /** Marks due now and being worked on: is it at rest? */
  depth(): Promise<{ readonly due: number; readonly running: number }>;
  /** Finishes or returns running work within ten seconds. */
  readonly stop: () => Promise<void>;
}

const GRACE_MS = 8_000;
const CONCURRENCY = 8;
/** A day of outage is outlasted; what fails for longer is dead, visible and can be replayed. */
const BACKOFF = { firstMs: 500, factor: 2, maxMs: 5 * 60_000, giveUpAfterMs: 3 * 24 * 60 * 60_000 };

/** How long to wait, and by which clock, where the defaults are not what a small installation of GitHub, or a test, can do with. */
export interface Timing {
  readonly clock: () => Date;
  readonly backoff: Pick<typeof BACKOFF, "firstMs" | "maxMs">;
  readonly gitHubTimeoutMs: number;
}

export async function startServer(
  settings: Settings,
  log: Logger,
  timing: Partial<Timing> = {},
): Promise<Server> {
  const { clock = () => new Date() } = timing;
  const metrics = createMetrics();
  const { databaseUrl, dataFolder } = settings;
  const store = await openStore({
    dataFolder,
    clock,
    log,
    states: {
      publish: (state) => metrics.countPublish(state),
      promotion: (state) => metrics.countPromotion(state),
      deployment: (state) => metrics.countDeployment(state),
    },
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  const app = createGitHubApp(settings, {
    log,
    clock,
    ...(timing.gitHubTimeoutMs !== undefined && { timeoutMs: timing.gitHubTimeoutMs }),
    onRequest: (kind, outcome) => metrics.countGitHubRequest(kind, outcome),
  });
  const github = gitHub(app, clock);
  const charts = chartAccess();
  const inspection = await inspectionTools(process.env["PATH"] ?? "", charts);
  const writtenChecks = new RememberedChecks();
  const world: World = { settings, store, charts, github, inspection, writtenChecks, clock, log };
  metrics.readQueueFrom(() => store.queue.depth());
  metrics.readBudgetsFrom(() => app.remaining());
  metrics.readFailingPollsFrom(() => store.polls.failing());
  const readiness = new Readiness(store, github.identity, (await store.repositories.all()).length > 0);

  const middleware = await createNodeMiddleware(
    (probot) => {
      probot.onAny(async ({ id, name, payload }) => {
        const slug = await github.identity().catch(() => undefined);
        await hearWebhook({ id, heard: hear({ name, payload }, slug) }, world);
      });
    },
    { probot: app.probot, webhooksPath: "/api/github/webhooks" },
  );
  const server = await createHttpServer({
    settings,
    store,
    clock: { now: clock },
    log,
    metrics,
    onPublish: ({ id }) => store.queue.mark(`publish:${id}`, { priority: 1 }),
    onReport: async (about, body) => {
      const said = parseReport(body);
      if (!said.ok) return said;
      const noted = await report(about, said.value, store.deployments);
      if (noted.ok)
        await store.queue.mark(`deploy:${noted.value.repositoryId}/${noted.value.environment}`, {
          priority: 2,
        });
      return noted;
    },
    github: middleware,
    charts: { museumApi, openArchive: charts.openArchive },
    notReady: () => readiness.notReady(),
  });
  await resume(world);
  const control = await serveControl(dataFolder, controlOf(store));
  const url = await server.listen({ host: settings.host, port: settings.port });
  await store.queue.work({
    concurrency: CONCURRENCY,
    backoff: { ...BACKOFF, ...timing.backoff },
    handle: async (key) => {
      const again = await worked(key, world, metrics);
      if (key === "sync:all") readiness.discovered();
      return again;
    },
    onFailure: (key, error, outcome) => log.warn({ key, err: error, outcome }, "work failed"),
  });
  log.info({ url }, "chart-promoter listens");
  return {
    url,
    depth: () => store.queue.depth(),
    stop: async () => {
      await Promise.all([server.close(), control.close(), store.queue.stop(GRACE_MS)]);
      await store.close();
    },
  };
}

async function worked(key: string, world: World, metrics: ReturnType<typeof createMetrics>) {
  const start = performance.now();
  const observe = (outcome: "done" | "failed") =>
    metrics.observeWork(kindOf(key), outcome, (performance.now() - start) / 1000);
  try {
    const again = await onMark(key, world);
    observe("done");
    return again;
  } catch (error) {
    observe("failed");
    throw error;
  }
}

function kindOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(":")));
}
