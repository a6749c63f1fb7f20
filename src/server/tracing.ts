// Enables tracing, and wraps the parts that create spans. Without OTEL_EXPORTER_OTLP_ENDPOINT no tracing code is
// loaded.

import type { OpenTelemetry } from "../adapters/tracing/open-telemetry.ts";
import { VERSION } from "../domain/model/program.ts";
import type { Deps } from "../reconcile/context.ts";
import { formatKey, type WorkKey } from "../reconcile/keys.ts";
import type { Deployers } from "../reconcile/ports/deployers.ts";
import type { ChartTools } from "../reconcile/ports/github/check-run-github.ts";
import type { Store } from "../reconcile/ports/store/store.ts";
import type { TracedCalls } from "../reconcile/ports/traced-calls.ts";
import { type Tracing, UNTRACED } from "../reconcile/ports/tracing.ts";
import type { ReconcileResult } from "../reconcile/requeue.ts";
import { publishesDeployedBy, publishesOf } from "../reconcile/trace/publishes-of.ts";

/** `undefined` without tracing. */
export async function openTracing(calls: TracedCalls): Promise<OpenTelemetry | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = process.env;
  if (!all && !traces) return undefined;
  const { openTelemetry } = await import("../adapters/tracing/open-telemetry.ts");
  return openTelemetry(calls, VERSION);
}

/** Begins a trace with each new publish, from whatever endpoint. */
export function tracedStore(store: Store, tracing: OpenTelemetry): Store {
  const accept: Store["publishes"]["accept"] = async (announcement, about) => {
    const since = Date.now();
    const accepted = await store.publishes.accept(announcement, about);
    const { chart, version, repository, publisher } = announcement;
    const facts = { chart, version, "chart.repository": repository, publisher };
    if (accepted.kind === "accepted") await tracing.announced(accepted.publish.id, { since, facts });
    return accepted;
  };
  return { ...store, publishes: { ...store.publishes, accept } };
}

export function tracedDeployers({ call, follow }: Deployers, tracing: Tracing): Deployers {
  return {
    call: (made, ...rest) =>
      tracing.span("call deployer", { deployer: made.deployer }, async () => call(made, ...rest)),
    follow: (made, ...rest) =>
      tracing.span("follow deployer", { deployer: made.deployer }, async () => follow(made, ...rest)),
  };
}

export function tracedTools(tools: ChartTools, tracing: Tracing): ChartTools {
  return {
    ...tools,
    review: (...given) => tracing.span("render and review", {}, () => tools.review(...given)),
    judge: (...given) => tracing.span("render and judge", {}, () => tools.judge(...given)),
  };
}

const NAMES: Partial<Readonly<Record<WorkKey["kind"], string>>> = {
  chart: "verify publish",
  repository: "reconcile repository",
  "check-run": "check pull request",
  deployment: "reconcile deployment",
};

/** One run of a key, as part of the traces of its publishes. */
export async function tracedWork(
  key: WorkKey,
  { store, tracing }: Deps,
  work: () => Promise<ReconcileResult>,
): Promise<ReconcileResult> {
  const name = NAMES[key.kind];
  if (name === undefined || tracing === UNTRACED) return work();
  return tracing.workFor(await publishesOf(key, store), { name, facts: { key: formatKey(key) } }, work);
}

/** A deployer's report, as part of the traces of the deployed publishes. */
export async function tracedReport<T>(
  deploymentId: number,
  { store, tracing }: Deps,
  work: () => Promise<T>,
): Promise<T> {
  if (tracing === UNTRACED) return work();
  const about = { name: "deployer reports", facts: { deployment: deploymentId } };
  return tracing.workFor(await publishesDeployedBy(deploymentId, store), about, work);
}
