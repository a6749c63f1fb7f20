// The HTTP server on a loopback port, with records in memory and a log that can be read.

import { museumApi } from "../../src/adapters/charts/chartmuseum.ts";
import { createMetrics } from "../../src/adapters/http/metrics.ts";
import { createHttpServer, type HttpServerInput } from "../../src/adapters/http/server.ts";
import { fail, ok } from "../../src/domain/model/problem.ts";
import type { Publish } from "../../src/domain/model/publish.ts";
import { MemoryRecords } from "./memory-records.ts";

interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly fields: { readonly [key: string]: unknown };
  readonly message: string;
}

export const PUBLISHERS: HttpServerInput["settings"]["publishers"] = [
  { name: "xposer-pipeline", secret: "open sesame", repository: "stakater", charts: ["xposer", "xposer-*"] },
  {
    name: "web-pipeline",
    secret: "whsec_c2VzYW1lIG9wZW4gc2VzYW1lIQ==",
    repository: "stakater",
    charts: ["web"],
  },
];

const DEPLOYERS: HttpServerInput["settings"]["deployers"] = [
  {
    kind: "webhook",
    name: "config-jenkins",
    secret: "deploy it",
    url: "http://127.0.0.1/",
    repositories: ["*/*"],
  },
  { kind: "webhook", name: "other", secret: "deploy that", url: "http://127.0.0.1/", repositories: ["*/*"] },
];

const SETTINGS: HttpServerInput["settings"] = {
  publishers: PUBLISHERS,
  deployers: DEPLOYERS,
  chartRepositories: [],
  webhookSecret: "hush",
  metrics: { access: "public" },
};

export interface Running {
  readonly url: string;
  readonly records: MemoryRecords;
  /** Publishes that the server asked to have looked at. */
  readonly marked: Publish[];
  readonly lines: LogLine[];
  /** Charts that uploads put in the place of others. */
  readonly replaced: readonly object[];
  /** Lines of refused and failed requests. */
  refusals(): readonly LogLine[];
  stop(): Promise<void>;
}

export async function startServer(
  change: Partial<Omit<HttpServerInput, "settings">> & {
    settings?: Partial<HttpServerInput["settings"]>;
    /** What enqueues a publish that was kept. */
    onPublish?: (publish: Publish) => Promise<void>;
  } = {},
): Promise<Running> {
  const records = new MemoryRecords();
  const marked: Publish[] = [];
  const { onPublish = async (publish: Publish) => void marked.push(publish) } = change;
  const lines: LogLine[] = [];
  const replaced: object[] = [];
  const write = (level: LogLine["level"]) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...fields }, message });
  };
  const app = await createHttpServer({
    reports: { status: {}, drift: {} },
    store: records,
    clock: { now: () => new Date("2026-01-02T03:04:05Z") },
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    metrics: createMetrics(),
    checkToken: async () => ({ kind: "refused", because: "nobody issues tokens here" }),
    inbox: {
      accept: async (announcement, about) => {
        const kept = await records.publishes.accept(announcement, about);
        if (kept.kind !== "conflict") await onPublish(kept.publish);
        return kept;
      },
      acceptRepeat: async () => undefined,
      waitingOf: async () => ({ count: 0, bytes: 0 }),
    },
    onReplaced: async (chart) => void replaced.push(chart),
    onReport: async () => ok(undefined),
    webhooks: { taken: () => undefined, refused: () => undefined },
    onDrift: async () => ok(undefined),
    listWatched: async () => [],
    onLargeWebhook: async () => "stored",
    github: async (_request, response) => response.writeHead(200).end("ok"),
    charts: { museumApi, openArchive: async () => fail(NOT_OPENED) },
    notReady: async () => [],
    ...change,
    settings: { ...SETTINGS, ...change.settings },
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    records,
    marked,
    lines,
    replaced,
    refusals: () =>
      lines.filter(({ message }) => message === "request refused" || message === "request failed"),
    stop: () => app.close(),
  };
}

export function basic(name: string, secret: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}` };
}

export const XPOSER = basic("xposer-pipeline", "open sesame");

const NOT_OPENED = {
  code: "malformed",
  message: "no archive was expected",
  help: "give the test one",
} as const;
