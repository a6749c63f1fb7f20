// The metrics of /metrics. Names and units follow Prometheus (https://prometheus.io/docs/practices/naming/).

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { VERSION } from "../../domain/model/program.ts";
import { BoundedSeries } from "./bounded-series.ts";
import { addDeliveryMetrics, type DeliveryReader } from "./delivery-metrics.ts";

const PREFIX = "chart_promoter_";

interface QueueDepth {
  readonly due: number;
  readonly later: number;
  readonly running: number;
  readonly dead: number;
}

interface Remaining {
  readonly installation: number;
  readonly resource: string;
  readonly remaining: number;
}

interface FailingPoll {
  readonly repository: string;
  readonly chart?: string;
}

export interface Metrics {
  /** `route` is the pattern, not the path. */
  observeHttp(answered: { method: string; route: string; status: number; seconds: number }): void;
  /** `state`: accepted, repeat or conflict for an announcement; verified or rejected later. */
  countPublish(state: string): void;
  /** A promotion that entered this state: proposed, unchanged, refused … */
  countPromotion(state: string): void;
  /** A deployment that entered this state: queued, in_progress, success … */
  countDeployment(state: string): void;
  /** `kind`: query, mutation, rest or token; `outcome`: the HTTP status, or `lost` without a response. */
  countGitHubRequest(kind: string, outcome: string): void;
  /** A webhook delivery from GitHub, by event name. */
  countWebhook(event: string): void;
  /** A rejected delivery: wrong signature, or not stored. */
  countRefusedWebhook(reason: "signature" | "error"): void;
  /** Time of the last accepted delivery; read on each scrape. */
  readLastWebhookFrom(last: () => Date | undefined): void;
  /** One run of the worker for one key; `kind` is the key's kind. */
  observeWork(kind: string, outcome: "done" | "failed", seconds: number): void;
  /** Read on each scrape. */
  readQueueFrom(depth: () => Promise<QueueDepth>): void;
  /** The rest of the installations' hourly rate limits, by GitHub's headers; read on each scrape. */
  readBudgetsFrom(remaining: () => readonly Remaining[]): void;
  /** Chart repositories, and charts of OCI registries, whose last poll failed; read on each scrape. */
  readFailingPollsFrom(failing: () => Promise<readonly FailingPoll[]>): void;
  /** Environments that are watched for drift, and their heals; read on each scrape. */
  readDriftFrom(measure: () => Promise<Drift>): void;
  /** Recent delivery metrics by environment, and the due time of the queue's oldest key; read on each scrape. */
  readDeliveryFrom(read: DeliveryReader): void;
  readonly contentType: string;
  text(): Promise<string>;
}

interface OfEnvironment {
  readonly repository: string;
  readonly environment: string;
}

interface Drift {
  readonly watched: readonly (OfEnvironment & {
    readonly resources: number;
    readonly reportAgeSeconds: number;
  })[];
  readonly healed: readonly (OfEnvironment & { readonly heals: number })[];
}

let processRegistry: Registry | undefined;

/**
 * Process metrics, shared by all servers of a process: collectors for garbage collection and the event loop cannot be
 * stopped.
 */
function processMetrics(): Registry {
  if (processRegistry) return processRegistry;
  processRegistry = new Registry();
  collectDefaultMetrics({ register: processRegistry });
  return processRegistry;
}

/** With a registry of its own, so that a process can have several servers. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const series = new BoundedSeries(registry, PREFIX);
  const ofProcess = processMetrics();
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: PREFIX + name, help, labelNames, registers: [registry] });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name: PREFIX + name, help, labelNames, registers: [registry] });

  new Gauge({
    name: `${PREFIX}build_info`,
    help: "1; the version and Node's as labels.",
    labelNames: ["version", "node"],
    registers: [registry],
  }).set({ version: VERSION, node: process.version }, 1);
  const http = histogram("http_request_duration_seconds", "HTTP requests answered.", [
    "method",
    "route",
    "status",
  ]);
  const publishes = counter("publishes_total", "Publishes by what became of them.", ["state"]);
  const promotions = counter("promotions_total", "Promotions by the state they came to.", ["state"]);
  const deployments = counter("deployments_total", "Deployments by the state they came to.", ["state"]);
  const github = counter("github_requests_total", "Requests sent to GitHub.", ["kind", "outcome"]);
  const webhooks = counter("github_webhooks_total", "Webhook deliveries taken from GitHub.", ["event"]);
  const refused = counter("github_webhooks_refused_total", "Webhook deliveries not taken.", ["reason"]);
  const work = histogram("work_duration_seconds", "Runs of the worker.", ["kind", "outcome"]);

  return {
    observeHttp: ({ method, route, status, seconds }) => http.observe({ method, route, status }, seconds),
    countPublish: (state) => publishes.inc({ state }),
    countPromotion: (state) => promotions.inc({ state }),
    countDeployment: (state) => deployments.inc({ state }),
    countGitHubRequest: (kind, outcome) => github.inc({ kind, outcome }),
    countWebhook: (event) => webhooks.inc({ event }),
    countRefusedWebhook: (reason) => refused.inc({ reason }),
    readLastWebhookFrom: (last) => addWebhookGauge(registry, last),
    observeWork: (kind, outcome, seconds) => work.observe({ kind, outcome }, seconds),
    readQueueFrom: (depth) => addQueueGauge(registry, depth),
    readBudgetsFrom: (remaining) => addBudgetGauge(series, remaining),
    readFailingPollsFrom: (failing) => addPollGauge(series, failing),
    readDriftFrom: (measure) => addDriftMetrics(series, measure),
    readDeliveryFrom: (read) => addDeliveryMetrics(series, PREFIX, read),
    contentType: registry.contentType,
    text: shared(() => Registry.merge([ofProcess, registry]).metrics()),
  };
}

/** Concurrent scrapes share one result: each costs some milliseconds of the database, and /metrics may be public. */
function shared(make: () => Promise<string>): () => Promise<string> {
  let making: Promise<string> | undefined;
  return () => {
    making ??= make().finally(() => {
      making = undefined;
    });
    return making;
  };
}

function addQueueGauge(registry: Registry, depth: () => Promise<QueueDepth>): void {
  const gauge: Gauge<"state"> = new Gauge({
    name: `${PREFIX}queue_depth`,
    help: "Marks in the queue: due now, due later, being worked on, given up.",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      for (const [state, count] of Object.entries(await depth())) gauge.set({ state }, count);
    },
  });
}

/** Without a value before the first delivery. */
function addWebhookGauge(registry: Registry, last: () => Date | undefined): void {
  const gauge: Gauge = new Gauge({
    name: `${PREFIX}github_webhook_last_good_timestamp_seconds`,
    help: "When the last webhook delivery came that was taken (Unix time).",
    registers: [registry],
    collect() {
      gauge.reset();
      const at = last();
      if (at) gauge.set(at.getTime() / 1000);
      else gauge.remove();
    },
  });
}

function addBudgetGauge(series: BoundedSeries, read: () => readonly Remaining[]): void {
  const gauge: Gauge<"installation" | "resource"> = new Gauge({
    name: `${PREFIX}github_rate_limit_remaining`,
    help: "Requests, or points, left to an installation until GitHub's limit resets.",
    labelNames: ["installation", "resource"],
    registers: [series.registry],
    collect() {
      gauge.reset();
      const rows = read().toSorted((one, other) => one.remaining - other.remaining);
      const kept = series.rowsOf("github_rate_limit_remaining", rows, (row) => row.installation);
      for (const { installation, resource, remaining } of kept)
        gauge.set({ installation, resource }, remaining);
    },
  });
}

function addPollGauge(series: BoundedSeries, failing: () => Promise<readonly FailingPoll[]>): void {
  const gauge: Gauge<"repository" | "chart"> = new Gauge({
    name: `${PREFIX}poll_failing`,
    help: "1 for each chart repository of which the last poll failed, and for each chart of a registry, which are polled one by one.",
    labelNames: ["repository", "chart"],
    registers: [series.registry],
    async collect() {
      gauge.reset();
      for (const { repository, chart } of series.rowsOf(
        "poll_failing",
        await failing(),
        (row) => row.repository,
      ))
        gauge.set({ repository, ...(chart !== undefined && { chart }) }, 1);
    },
  });
}

function addDriftMetrics(series: BoundedSeries, measure: () => Promise<Drift>): void {
  const labelNames = ["repository", "environment"] as const;
  const watched = (name: string, help: string, value: (one: Drift["watched"][number]) => number) => {
    const gauge: Gauge<(typeof labelNames)[number]> = new Gauge({
      ...{ name: `${PREFIX}${name}`, help, labelNames, registers: [series.registry] },
      async collect() {
        gauge.reset();
        const { watched: rows } = await measure();
        for (const one of series.rowsOf(name, rows, (row) => row.repository))
          gauge.set({ repository: one.repository, environment: one.environment }, value(one));
      },
    });
  };
  watched(
    "drifted_resources",
    "Resources of a watched environment that differ from what was deployed last.",
    ({ resources }) => resources,
  );
  watched(
    "drift_report_age_seconds",
    "Seconds since a watched environment was last reported on, or since it is watched.",
    ({ reportAgeSeconds }) => reportAgeSeconds,
  );
  const heals: Counter<(typeof labelNames)[number]> = new Counter({
    name: `${PREFIX}heals_total`,
    help: "Heals on record: deployments of the last deployed commit because of a drift.",
    labelNames,
    registers: [series.registry],
    async collect() {
      heals.reset();
      const rows = series.rowsOf("heals_total", (await measure()).healed, (row) => row.repository);
      for (const { repository, environment, heals: count } of rows)
        heals.inc({ repository, environment }, count);
    },
  });
}
