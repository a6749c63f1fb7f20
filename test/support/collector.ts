// A stand-in for an OpenTelemetry collector: takes traces over OTLP/HTTP as JSON
// (https://opentelemetry.io/docs/specs/otlp/#otlphttp).

import { json, startStandIn } from "../../src/sandbox/chartmuseum/stand-in.ts";

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly status: { readonly code: number };
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly object[] };
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[];
  }[];
}

export async function startCollector() {
  const bodies: string[] = [];
  const server = await startStandIn(({ url, headers, body }) => {
    if (url.pathname !== "/v1/traces" || headers["content-type"] !== "application/json") return json(404, {});
    bodies.push(body.toString());
    return json(200, {});
  });
  return {
    ...{ url: server.url, close: server.close },
    /** As they came. */
    bodies: (): readonly string[] => bodies,
    spans: (): readonly CollectedSpan[] =>
      bodies.flatMap((body) => {
        const sent: Sent = JSON.parse(body);
        return sent.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
      }),
  };
}
