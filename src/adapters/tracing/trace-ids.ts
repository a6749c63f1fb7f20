// The trace of a publish: derived from its id, or from its caller's traceparent (W3C Trace Context), so that any
// process can add to it at any time.

import { createHash } from "node:crypto";
import { type SpanContext, TraceFlags } from "@opentelemetry/api";
import { type IdGenerator, RandomIdGenerator } from "@opentelemetry/sdk-trace-node";

/** The digits of the publish's id, which is a UUID. */
export function traceOf(publishId: string): string {
  const digits = publishId.replaceAll("-", "").toLowerCase();
  return isId(digits, 32) ? digits : digest(publishId).slice(0, 32);
}

/** Span id of the announcement, the parent of everything else done for the publish. */
function announcementOf(publishId: string): string {
  return digest(`announcement ${publishId}`).slice(0, 16);
}

/** `traceparent`: of the caller that announced it. */
export function contextOf(publishId: string, traceparent: string | undefined): SpanContext {
  const caller = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  return {
    traceId: caller?.traceId ?? traceOf(publishId),
    spanId: announcementOf(publishId),
    traceFlags: caller?.traceFlags ?? TraceFlags.SAMPLED,
    isRemote: true,
  };
}

/**
 * `undefined` for an invalid one (https://www.w3.org/TR/trace-context/#traceparent-header); later versions are read as
 * this one.
 */
export function parseTraceparent(header: string): SpanContext | undefined {
  const [, version, traceId = "", spanId = "", flags = ""] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/.exec(header.trim()) ?? [];
  if (version === undefined || version === "ff" || !isId(traceId, 32) || !isId(spanId, 16)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

/** Spans get random ids, except for the next one if it is given. */
export class TraceIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #next: { readonly traceId: string; readonly spanId: string } | undefined;

  /** Ids of the span that is started in `begin`. */
  withIds<T>(ids: { readonly traceId: string; readonly spanId: string }, begin: () => T): T {
    this.#next = ids;
    try {
      return begin();
    } finally {
      this.#next = undefined;
    }
  }

  generateTraceId = (): string => this.#next?.traceId ?? this.#random.generateTraceId();
  generateSpanId = (): string => this.#next?.spanId ?? this.#random.generateSpanId();
}

/** All zeros are invalid. */
function isId(text: string, length: number): boolean {
  return text.length === length && /^[0-9a-f]+$/.test(text) && /[^0]/.test(text);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
