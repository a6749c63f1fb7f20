// The dependencies of the reconcilers: the adapters, and caches that outlive a run of a key.

import { EventEmitter } from "node:events";
import type { Logger } from "pino";
import { chartAccess } from "../adapters/charts/chart-access.ts";
import { rememberedBriefly } from "../adapters/dashboard/remembered-briefly.ts";
import { ThreadedDecisions } from "../adapters/decisions/threaded-decisions.ts";
import { deployersOf } from "../adapters/deployers/call-deployer.ts";
import { httpClientWithin } from "../adapters/deployers/http-client.ts";
import { createGitHubApp, type GitHubApp } from "../adapters/github/api/app.ts";
import { gitHub } from "../adapters/github/github.ts";
import { LargeWebhooks } from "../adapters/github/webhooks/large-webhooks.ts";
import { confinement } from "../adapters/helm/confinement.ts";
import { findHelm } from "../adapters/helm/find-helm.ts";
import type { Metrics } from "../adapters/http/metrics.ts";
import { notifiersOf } from "../adapters/notifications/notifiers.ts";
import { openStore } from "../adapters/store/open-store.ts";
import type { KeptThreads } from "../adapters/threads/kept-threads.ts";
import type { OpenTelemetry } from "../adapters/tracing/open-telemetry.ts";
import { chartTools } from "../chart-tools/chart-tools.ts";
import type { Settings } from "../domain/model/config/settings.ts";
import { RememberedChecks } from "../reconcile/check-run/remembered-checks.ts";
import type { Deps } from "../reconcile/context.ts";
import { ReceivedWebhooks } from "../reconcile/installation/received-webhooks.ts";
import { enqueue } from "../reconcile/keys.ts";
import type { Store } from "../reconcile/ports/store/store.ts";
import { type Tracing, UNTRACED } from "../reconcile/ports/tracing.ts";
import { RetrySlots } from "../reconcile/publish/retry-slots.ts";
import { type RecentReport, recentReport } from "../reconcile/report/recent-report.ts";
import { StrangerRateLimiter } from "../reconcile/stranger-rate-limiter.ts";
import { FirstReads } from "../reconcile/sweep/first-reads.ts";
import { openTracing, tracedDeployers, tracedStore, tracedTools } from "./tracing.ts";

/** Timeout of one request to a deployer, which only starts or polls long work. */
const DEPLOYER_CALL_MS = 10_000;
const REPORTED_EVERY_MS = 60_000;
const WITHOUT_HELM =
  "no helm program is on the PATH: nothing is rendered, and no check can tell whether Helm takes a new version";

export interface ServerOptions {
  readonly settings: Settings;
  readonly log: Logger;
  readonly clock: () => Date;
  readonly metrics: Metrics;
  readonly gitHubTimeoutMs?: number | undefined;
  readonly reviewPatienceMs?: number | undefined;
  readonly threads?: KeptThreads | undefined;
}

export interface Dependencies {
  readonly deps: Deps;
  readonly app: GitHubApp;
  readonly charts: ReturnType<typeof chartAccess>;
  readonly webhooks: ReceivedWebhooks;
  readonly largeWebhooks: LargeWebhooks;
  readonly log: Logger;
  /** Absent without tracing. */
  readonly traces: OpenTelemetry | undefined;
  /** The report of the last thirty days; at most a minute old. */
  readonly report: () => Promise<RecentReport>;
  /** Emits `event` after a new history event, with the ids of the config repositories that it concerns. */
  readonly news: EventEmitter;
  /** The App's slug; rejects when GitHub does not answer, or does not know the App. */
  readonly identity: () => Promise<string>;
  readonly pingGitHub: () => Promise<string>;
  /** Reduced functions of this process, one sentence each. */
  readonly lacking: readonly string[];
  /** Starts the threads for planning a new publish in advance. */
  readonly prepareThreads: () => void;
  /** Closes the store last: other parts may write to it until then. */
  readonly close: () => Promise<void>;
}

/** Throws a StoreRefusal for a problem of the database that the operator has to fix. */
export async function openDependencies(options: ServerOptions): Promise<Dependencies> {
  const { settings, log, clock, threads } = options;
  const news = new EventEmitter();
  const opened = await openStoreFor(options, news);
  const traces = await openTracing(opened.tracedCalls);
  const tracing = traces ?? UNTRACED;
  const store = traces ? tracedStore(opened, traces) : opened;
  const app = openGitHubApp(options, tracing);
  const charts = openCharts(options);
  const helm = await openHelm(log);
  const inspection = openChartTools(helm, charts, options);
  const decisions = new ThreadedDecisions(threads);
  const webhooks = new ReceivedWebhooks(clock);
  const largeWebhooks = new LargeWebhooks(threads);
  const github = gitHub(app, clock);
  news.on("event", () => {
    if (settings.recipients) handOnSoon(store, log);
  });
  const adapters = { store, charts, github, decisions, tracing, ...openRequests(settings, tracing) };
  const deps = {
    ...{ settings, clock, startedAt: clock(), log, webhooks },
    ...adapters,
    inspection: tracedTools(inspection, tracing),
    ...memories(),
  };
  return {
    ...{ deps, app, charts, webhooks, largeWebhooks, log, news, traces },
    report: rememberedBriefly(() => recentReport(deps), REPORTED_EVERY_MS),
    identity: github.identity,
    pingGitHub: github.ping,
    lacking: helm === undefined ? [WITHOUT_HELM] : [],
    prepareThreads: () => {
      for (const pool of [decisions, charts, inspection]) pool.prepare();
    },
    close: async () => {
      const closing = [store, charts, decisions, inspection, largeWebhooks, app].map((one) => one.close());
      await Promise.all([...closing, ...(traces ? [traces.close()] : [])]);
    },
  };
}

function openStoreFor({ settings, log, clock, metrics }: ServerOptions, news: EventEmitter) {
  return openStore({
    dataFolder: settings.dataFolder,
    clock,
    log,
    states: {
      publish: (state) => metrics.countPublish(state),
      promotion: (state) => metrics.countPromotion(state),
      deployment: (state) => metrics.countDeployment(state),
      event: (repositoryIds) => news.emit("event", repositoryIds),
    },
    ...(settings.databaseUrl !== undefined && { databaseUrl: settings.databaseUrl }),
  });
}

function openCharts({ log, threads }: ServerOptions) {
  return chartAccess((why) => log.warn({ why }, "a password or token cannot be read now"), threads);
}

/** The HTTP clients for deployers and recipients; their URLs are read from the settings on each request. */
function openRequests(settings: Settings, tracing: Tracing) {
  const deployers = deployersOf(() => settings.deployers, httpClientWithin(DEPLOYER_CALL_MS));
  const notifier = notifiersOf(() => settings.recipients ?? [], httpClientWithin(DEPLOYER_CALL_MS));
  return { deployers: tracedDeployers(deployers, tracing), notifier };
}

/** On a failure here, start-up and the resync find the events. */
function handOnSoon({ queue }: Store, log: Logger): void {
  enqueue(queue, { kind: "events" }).catch((error: unknown) =>
    log.warn({ err: error }, "events were not handed on yet"),
  );
}

function openGitHubApp(
  { settings, log, clock, metrics, gitHubTimeoutMs, threads }: ServerOptions,
  tracing: Tracing,
): GitHubApp {
  return createGitHubApp(settings, {
    log,
    clock,
    tracing,
    kept: threads,
    ...(gitHubTimeoutMs !== undefined && { timeoutMs: gitHubTimeoutMs }),
    onRequest: (kind, outcome) => metrics.countGitHubRequest(kind, outcome),
  });
}

async function openHelm(log: Logger): Promise<string | undefined> {
  const helm = await findHelm(process.env["PATH"] ?? "");
  if (helm === undefined) log.warn(WITHOUT_HELM);
  else log.info(await confinement(), "helm is confined");
  return helm;
}

function openChartTools(
  helm: string | undefined,
  charts: ReturnType<typeof chartAccess>,
  { log, reviewPatienceMs: patienceMs, threads: kept }: ServerOptions,
): ReturnType<typeof chartTools> {
  const onMistake = (error: unknown) => log.error({ err: error }, "a review failed");
  return chartTools(helm, charts, { onMistake, kept, ...(patienceMs !== undefined && { patienceMs }) });
}

/** Caches and counters; losing them on a restart is harmless. */
function memories() {
  return {
    firstReads: new FirstReads(),
    writtenChecks: new RememberedChecks(),
    retrySlots: new RetrySlots(),
    strangerRateLimiter: new StrangerRateLimiter(),
  };
}
