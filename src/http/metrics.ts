// What /metrics shows. Names and units as Prometheus asks (https://prometheus.io/docs/practices/naming/).

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

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

export interface Metrics {
  /** `route` is the pattern, not the path. */
  observeHttp(answered: { method: string; route: string; status: number; seconds: number }): void;
  /** `state`: accepted, repeat or conflict when announced; verified or rejected later. */
  countPublish(state: string): void;
  /** A promotion that came to be in this state: proposed, unchanged, refused … */
  countPromotion(state: string): void;
  /** A deployment that came to be in this state: queued, in_progress, success … */
  countDeployment(state: string): void;
  /** `kind`: query, mutation, rest or token; `outcome`: the HTTP status, or `lost` when no answer came. */
  countGitHubRequest(kind: string, outcome: string): void;
  /** A delivery of GitHub's webhook by event name. */
  countWebhook(event: string): void;
  /** One run of the worker over one key; `kind` is the key's kind. */
  observeWork(kind: string, outcome: "done" | "failed", seconds: number): void;
  /** Asked whenever the metrics are read. */
  readQueueFrom(depth: () => Promise<QueueDepth>): void;
  /** What is left of the installations' hourly budgets, by GitHub's own headers; asked whenever the metrics are read. */
  readBudgetsFrom(remaining: () => readonly Remaining[]): void;
  /** Chart repositories of which the last poll failed; asked whenever the metrics are read. */
  readFailingPollsFrom(failing: () => Promise<readonly { readonly repository: string }[]>): void;
  readonly contentType: string;
  text(): Promise<string>;
}

/** A registry of its own, so that several servers can live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: PREFIX + name, help, labelNames, registers: [registry] });
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name: PREFIX + name, help, labelNames, registers: [registry] });

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
  const work = histogram("work_duration_seconds", "Runs of the worker.", ["kind", "outcome"]);

  return {
    observeHttp: ({ method, route, status, seconds }) => http.observe({ method, route, status }, seconds),
    countPublish: (state) => publishes.inc({ state }),
    countPromotion: (state) => promotions.inc({ state }),
    countDeployment: (state) => deployments.inc({ state }),
    countGitHubRequest: (kind, outcome) => github.inc({ kind, outcome }),
    countWebhook: (event) => webhooks.inc({ event }),
    observeWork: (kind, outcome, seconds) => work.observe({ kind, outcome }, seconds),
    readQueueFrom: (depth) => addQueueGauge(registry, depth),
    readBudgetsFrom: (remaining) => addBudgetGauge(registry, remaining),
    readFailingPollsFrom: (failing) => addPollGauge(registry, failing),
    contentType: registry.contentType,
    text: () => registry.metrics(),
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

function addBudgetGauge(registry: Registry, read: () => readonly Remaining[]): void {
  const gauge: Gauge<"installation" | "resource"> = new Gauge({
    name: `${PREFIX}github_rate_limit_remaining`,
    help: "Requests, or points, left to an installation until GitHub's limit resets.",
    labelNames: ["installation", "resource"],
    registers: [registry],
    collect() {
      gauge.reset();
      for (const { installation, resource, remaining } of read())
        gauge.set({ installation, resource }, remaining);
    },
  });
}

function addPollGauge(
  registry: Registry,
  failing: () => Promise<readonly { readonly repository: string }[]>,
): void {
  const gauge: Gauge<"repository"> = new Gauge({
    name: `${PREFIX}poll_failing`,
    help: "1 for each chart repository of which the last poll failed.",
    labelNames: ["repository"],
    registers: [registry],
    async collect() {
      gauge.reset();
      for (const { repository } of await failing()) gauge.set({ repository }, 1);
    },
  });
}
