// Whose traces work is part of.

import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openTelemetry } from "../../../src/adapters/tracing/open-telemetry.ts";
import { contextOf, parseTraceparent, traceOf } from "../../../src/adapters/tracing/trace-ids.ts";
import { startCollector } from "../../support/collector.ts";

const [ONE, TWO] = ["0b0e2a3c-1111-4222-8333-444455556666", "0b0e2a3c-7777-4888-8999-aaaabbbbcccc"];
const CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

let collector: Awaited<ReturnType<typeof startCollector>>;
let kept: Map<string, string>;

beforeEach(async () => {
  collector = await startCollector();
  kept = new Map();
  process.env["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.url;
});

afterEach(async () => {
  delete process.env["OTEL_EXPORTER_OTLP_ENDPOINT"];
  await collector.close();
});

function opened() {
  const calls = {
    keep: async (id: string, traceparent: string) => void kept.set(id, traceparent),
    of: async (ids: readonly string[]) => new Map([...kept].filter(([id]) => ids.includes(id))),
  };
  return openTelemetry(calls, "1.2.3");
}

test("work for two publishes is a span in the trace of each, which link to each other; its parts are in the first", async () => {
  const tracing = opened();
  kept.set(TWO, CALLER);
  const answer = await tracing.workFor([ONE, TWO], { name: "work", facts: { key: "repository:1" } }, () =>
    tracing.span("part", {}, async () => 42),
  );
  await tracing.close();
  expect(answer).toBe(42);
  const spans = collector.spans();
  const [first, second] = [ONE, TWO].map((id) => contextOf(id, kept.get(id)));
  const main = spans.find(({ name, traceId }) => name === "work" && traceId === first?.traceId);
  const mirror = spans.find(({ name, traceId }) => name === "work" && traceId === second?.traceId);
  expect(second?.traceId).toBe("4bf92f3577b34da6a3ce929d0e0e4736");
  expect(main).toMatchObject({ parentSpanId: first?.spanId, links: [{ spanId: second?.spanId }] });
  expect(mirror).toMatchObject({ parentSpanId: second?.spanId, links: [{ spanId: main?.spanId }] });
  expect(spans.find(({ name }) => name === "part")).toMatchObject({
    traceId: first?.traceId,
    parentSpanId: main?.spanId,
  });
});

test("what is done for no publish is in no trace, and what goes wrong is told without its words", async () => {
  const tracing = opened();
  await tracing.workFor([], { name: "work", facts: {} }, () => tracing.span("part", {}, async () => 1));
  const failing = tracing.workFor([ONE], { name: "failing", facts: {} }, async () => {
    throw new TypeError("token ghs_secret");
  });
  await expect(failing).rejects.toThrow("ghs_secret");
  await tracing.close();
  expect(collector.spans()).toMatchObject([{ name: "failing", status: { code: 2 } }]);
  expect(collector.bodies().join()).not.toContain("ghs_secret");
});

test("a caller's trace is taken up, and what is none is not", async () => {
  const tracing = opened();
  const about = { since: Date.now(), facts: { chart: "web" } };
  for (const [id, header] of [
    [ONE, CALLER],
    [TWO, "00-00000000000000000000000000000000-00f067aa0ba902b7-01"],
  ] as const)
    await new Promise<void>((done, failed) => {
      tracing.within(header, () => void tracing.announced(id, about).then(done, failed));
    });
  await tracing.close();
  expect([...kept]).toEqual([[ONE, CALLER]]);
  expect(collector.spans()).toMatchObject([
    { name: "publish", traceId: "4bf92f3577b34da6a3ce929d0e0e4736", parentSpanId: "00f067aa0ba902b7" },
    { name: "publish", traceId: traceOf(TWO) },
  ]);
  expect(collector.spans().map(({ spanId }) => spanId)).toEqual(
    [ONE, TWO].map((id) => contextOf(id, undefined).spanId),
  );
});

test.each(["", "00-x", `ff${CALLER.slice(2)}`, `${CALLER}x`, CALLER.toUpperCase()])(
  "%j is no traceparent",
  (header) => expect(parseTraceparent(header)).toBeUndefined(),
);
