// OpenTelemetry traces, sent to a collector over OTLP/HTTP (https://opentelemetry.io/docs/specs/otlp/). Loaded only
// when OTEL_EXPORTER_OTLP_ENDPOINT is set. Nothing is registered with the API's globals, so that no library adds spans
// with unreviewed attributes.

import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, ROOT_CONTEXT, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { TracedCalls } from "../../reconcile/ports/traced-calls.ts";
import type { SpanFacts, Tracing } from "../../reconcile/ports/tracing.ts";
import { contextOf, parseTraceparent, TraceIds } from "./trace-ids.ts";

/** Timeout for the remaining spans when the server stops. */
const GOODBYE_MS = 3_000;

/** The current context: inside of a span, or of a call with a traceparent. */
interface Now {
  readonly context?: Context;
  readonly traceparent?: string | undefined;
}

export interface OpenTelemetry extends Tracing {
  /** Runs `next` in the context of a call with this header. */
  within(traceparent: string | undefined, next: () => void): void;
  /** A publish was first announced, by the current call: its trace begins. */
  announced(publishId: string, about: { readonly since: number; readonly facts: SpanFacts }): Promise<void>;
  close(): Promise<void>;
}

export function openTelemetry(calls: TracedCalls, version: string): OpenTelemetry {
  const ids = new TraceIds();
  const provider = new NodeTracerProvider({
    idGenerator: ids,
    resource: defaultResource()
      .merge(resourceFromAttributes({ "service.name": "chart-promoter", "service.version": version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer("chart-promoter", version);
  const now = new AsyncLocalStorage<Now>();

  async function run<T>(span: Span, work: () => Promise<T>, mirrors: readonly Span[] = []): Promise<T> {
    try {
      return await now.run({ context: trace.setSpan(ROOT_CONTEXT, span) }, work);
    } catch (error) {
      // Error messages may contain text by others: they belong in the log.
      for (const one of [span, ...mirrors])
        one.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "Error" });
      throw error;
    } finally {
      for (const one of [span, ...mirrors]) one.end();
    }
  }

  return {
    within: (traceparent, next) => now.run({ traceparent }, next),
    span: (name, facts, work) => {
      const { context } = now.getStore() ?? {};
      if (!context) return work();
      return run(tracer.startSpan(name, { attributes: facts }, context), work);
    },
    workFor: async (publishIds, { name, facts }, work) => {
      const callers = publishIds.length === 0 ? new Map() : await calls.of(publishIds);
      const [first, ...others] = publishIds.map((id) => contextOf(id, callers.get(id)));
      if (!first) return work();
      const inTrace = (one: typeof first) => trace.setSpanContext(ROOT_CONTEXT, one);
      const links = others.map((context) => ({ context }));
      const span = tracer.startSpan(name, { attributes: facts, links }, inTrace(first));
      const toIt = [{ context: span.spanContext() }];
      const mirrors = others.map((one) =>
        tracer.startSpan(name, { attributes: facts, links: toIt }, inTrace(one)),
      );
      return run(span, work, mirrors);
    },
    announced: async (publishId, { since, facts }) => {
      const { traceparent } = now.getStore() ?? {};
      const caller = traceparent === undefined ? undefined : parseTraceparent(traceparent);
      if (caller && traceparent !== undefined) await calls.keep(publishId, traceparent);
      const { traceId, spanId } = contextOf(publishId, caller && traceparent);
      const parent = caller ? trace.setSpanContext(ROOT_CONTEXT, caller) : ROOT_CONTEXT;
      const begin = () => tracer.startSpan("publish", { attributes: facts, startTime: since }, parent);
      ids.withIds({ traceId, spanId }, begin).end();
    },
    close: async () => {
      const ended = provider.shutdown().catch(() => undefined);
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
    },
  };
}
