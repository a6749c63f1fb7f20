// The HTTP server on a loopback port, with records in memory and a log that can be read.

import { museumApi } from "../../src/charts/chartmuseum.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { createHttpServer, type HttpServerInput } from "../../src/http/server.ts";
import { fail, ok } from "../../src/model/problem.ts";
import type { Publish } from "../../src/model/publish.ts";
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
  { kind: "webhook", name: "config-jenkins", secret: "deploy it", url: "http://127.0.0.1/" },
  { kind: "webhook", name: "other", secret: "deploy that", url: "http://127.0.0.1/" },
];

const SETTINGS: HttpServerInput["settings"] = {
  publishers: PUBLISHERS,
  deployers: DEPLOYERS,
  chartRepositories: [],
  webhookSecret: "hush",
};

export interface Running {
  readonly url: string;
  readonly records: MemoryRecords;
  /** Publishes that the server asked to have looked at. */
  readonly marked: Publish[];
  readonly lines: LogLine[];
  /** Lines of refused and failed requests. */
  refusals(): readonly LogLine[];
  stop(): Promise<void>;
}

export async function startServer(
  change: Partial<Omit<HttpServerInput, "settings">> & {
    settings?: Partial<HttpServerInput["settings"]>;
  } = {},
): Promise<Running> {
  const records = new MemoryRecords();
  const marked: Publish[] = [];
  const lines: LogLine[] = [];
  const write = (level: LogLine["level"]) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...fields }, message });
  };
  const app = await createHttpServer({
    store: records,
    clock: { now: () => new Date("2026-01-02T03:04:05Z") },
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    metrics: createMetrics(),
    onPublish: async (publish) => void marked.push(publish),
    onReport: async () => ok(undefined),
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
