// The running program: opens the dependencies, enqueues unfinished work, starts HTTP and workers, and stops everything
// in the right order.

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
  /** Its own URL. */
  readonly url: string;
  /** Number of due and running keys; both zero when idle. */
  depth(): Promise<{ readonly due: number; readonly running: number }>;
  /** Milliseconds until the next key is due, by its clock; `undefined` when none is. */
  msToNext(): Promise<number | undefined>;
  /** Polls the queue at once: after its clock was set forward. */
  wake(): void;
  /** Completes or releases running work within ten seconds. */
  readonly stop: () => Promise<void>;
  /** Applies a new server.yaml; if it is invalid, the settings stay as they are. */
  readonly reload: (read: Result<Settings>) => Promise<void>;
}

/** Clock, timeouts and threads, for tests that cannot use the defaults. */
export interface ServerTerms {
  readonly clock: () => Date;
  readonly backoff: Pick<typeof BACKOFF, "firstMs" | "maxMs">;
  readonly gitHubTimeoutMs: number;
  /**
   * How long a pull request waits for its review or judgement before its text says that it is still running, in
   * milliseconds.
   */
  readonly reviewPatienceMs: number;
  /** Outlive this server, for the next one in the same process. */
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
