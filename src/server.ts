// The running program: its dependencies are opened, what is unfinished is enqueued, HTTP and workers are started, and all
// of it is stopped in the right order.

import type { Logger } from "pino";
import { controlOf } from "./adapters/control/control.ts";
import { serveControl } from "./adapters/control/socket.ts";
import { createMetrics } from "./adapters/http/metrics.ts";
import { Readiness } from "./adapters/http/readiness.ts";
import type { KeptThreads } from "./adapters/threads/kept-threads.ts";
import type { Settings } from "./domain/model/config/settings.ts";
import type { Result } from "./domain/model/problem.ts";
import { measureDrift } from "./reconcile/drift/measure-drift.ts";
import { enqueueUnfinished } from "./reconcile/enqueue-unfinished.ts";
import { operatorActions } from "./reconcile/operator-actions.ts";
import { type Dependencies, openDependencies } from "./server/dependencies.ts";
import { openHttp } from "./server/http.ts";
import { Reload } from "./server/reload.ts";
import { type BACKOFF, startWork } from "./server/work.ts";
import { LiveSettings } from "./settings/live-settings.ts";

export interface Server {
  /** Where it listens. */
  readonly url: string;
  /** Keys due now and being worked on: is it idle? */
  depth(): Promise<{ readonly due: number; readonly running: number }>;
  /** Milliseconds, by its clock, until something is due; `undefined` where nothing is due later. */
  msToNext(): Promise<number | undefined>;
  /** Looks for what is due now: after its clock was set forward. */
  wake(): void;
  /** Finishes or returns running work within ten seconds. */
  readonly stop: () => Promise<void>;
  /** What server.yaml says now; where it cannot be used, what held before holds. */
  readonly reload: (read: Result<Settings>) => Promise<void>;
}

/** By which clock, how long to wait, and in whose threads, where the defaults are not what a test can do with. */
export interface ServerTerms {
  readonly clock: () => Date;
  readonly backoff: Pick<typeof BACKOFF, "firstMs" | "maxMs">;
  readonly gitHubTimeoutMs: number;
  /** How long a pull request waits for its review or judgement before it says that it is under way. */
  readonly reviewPatienceMs: number;
  /** Outlive the server, for the next one of this process. */
  readonly threads: KeptThreads;
}

const GRACE_MS = 8_000;

export async function startServer(
  atStart: Settings,
  log: Logger,
  { clock = () => new Date(), backoff, ...waits }: Partial<ServerTerms> = {},
): Promise<Server> {
  const live = new LiveSettings(atStart);
  const { settings } = live;
  const metrics = createMetrics();
  const dependencies = await openDependencies({ settings, log, clock, metrics, ...waits });
  const { deps, webhooks, identity, pingGitHub, prepareThreads, close } = dependencies;
  const { store } = deps;
  readMetricsFrom(dependencies, metrics);
  const readiness = new Readiness(store, identity, {
    knownAtStart: (await store.repositories.all()).length > 0,
  });
  const reload = new Reload(live, deps);
  const http = await openHttp(dependencies, { metrics, readiness, reload });
  await enqueueUnfinished(deps);
  const control = await serveControl(
    settings.dataFolder,
    controlOf(store, operatorActions(deps), { webhooks: () => webhooks.state(), pingGitHub }),
  );
  const url = await http.listen({ host: settings.host, port: settings.port });
  await startWork(deps, { backoff, metrics, readiness, prepareThreads });
  log.info({ url }, "chart-promoter listens");
  return {
    url,
    depth: () => store.queue.depth(),
    msToNext: () => store.queue.msToNext(),
    wake: () => store.queue.wake(),
    reload: (read) => reload.take(read),
    stop: async () => {
      await Promise.all([http.close(), control.close(), store.queue.stop(GRACE_MS)]);
      await close();
    },
  };
}

function readMetricsFrom(
  { deps, app, webhooks, report }: Dependencies,
  metrics: ReturnType<typeof createMetrics>,
) {
  metrics.readQueueFrom(() => deps.store.queue.depth());
  metrics.readBudgetsFrom(() => app.remaining());
  metrics.readLastWebhookFrom(() => webhooks.state().lastGood);
  metrics.readFailingPollsFrom(() => deps.store.polls.failing());
  metrics.readDriftFrom(() => measureDrift(deps));
  metrics.readDeliveryFrom({
    rows: async () => (await report()).environments,
    oldestDue: () => deps.store.queue.oldestDue(),
    clock: deps.clock,
  });
}
