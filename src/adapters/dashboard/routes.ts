// The dashboard's pages over HTTP: made on the server, from the database alone, and the same for everybody.

import { promisify } from "node:util";
import zlib from "node:zlib";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from "fastify";
import { html } from "hono/html";
import type { Board } from "../../domain/board/board.ts";
import type { HistoryEvent } from "../../domain/model/history.ts";
import type { Journey } from "../../reconcile/board/read-journey.ts";
import type { RecentReport } from "../../reconcile/report/recent-report.ts";
import { SCRIPT } from "./assets/script.ts";
import { STYLE } from "./assets/style.ts";
import { EventStreams } from "./event-streams.ts";
import { boardPage } from "./pages/board-page.ts";
import { chartPage } from "./pages/chart-page.ts";
import { journeyPage } from "./pages/journey-page.ts";
import { layout, type Page } from "./pages/layout.ts";
import { type QueueFacts, queuePage } from "./pages/queue-page.ts";
import { reportPage } from "./pages/report-page.ts";
import { rememberedBriefly } from "./remembered-briefly.ts";

export interface DashboardPorts {
  readonly githubWeb: string;
  readonly board: () => Promise<Board>;
  readonly chart: (repositoryId: number, chart: string) => Promise<readonly HistoryEvent[]>;
  readonly journey: (publishId: string) => Promise<Journey | undefined>;
  readonly report: () => Promise<RecentReport>;
  readonly queue: () => Promise<QueueFacts>;
  /** Calls back whenever something happened. */
  readonly onChange: (listener: () => void) => void;
}

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
  vary: "accept-encoding",
};

/** A board may be hundreds of kB of much the same: it is packed where that holds up nobody. */
const gzip = promisify<string, Buffer>(zlib.gzip);

export function dashboard(ports: DashboardPorts): FastifyPluginAsync {
  return async (app) => {
    addAssets(app);
    addEvents(app, ports);
    addPages(app, ports);
  };
}

function addPages(app: FastifyInstance, ports: DashboardPorts): void {
  const { githubWeb } = ports;
  const board = rememberedBriefly(ports.board);
  const front = rememberedBriefly(async () => String(await layout(boardPage(await board(), githubWeb))));
  const packedFront = rememberedBriefly(async () => gzip(await front()));
  app.get("/", async (request, reply) =>
    /\bgzip\b/.test(String(request.headers["accept-encoding"]))
      ? answer(reply.header("content-encoding", "gzip"), await packedFront())
      : answer(reply, await front()),
  );
  app.get("/queue", async (_request, reply) => send(reply, queuePage(await ports.queue())));
  app.get("/report", async (_request, reply) => send(reply, reportPage(await ports.report())));
  app.get<{ Params: { id: string } }>("/journeys/:id", async ({ params }, reply) => {
    const journey = await ports.journey(params.id);
    return journey ? send(reply, journeyPage(journey, githubWeb)) : notFound(reply, "publish");
  });
  app.get<{ Params: { owner: string; name: string; chart: string } }>(
    "/repositories/:owner/:name/charts/:chart",
    async ({ params: { owner, name, chart } }, reply) => {
      const { repositories, at } = await board();
      const repository = repositories.find((one) => one.name === `${owner}/${name}`);
      if (!repository?.charts.some((one) => one.name === chart)) return notFound(reply, "chart");
      const events = await ports.chart(repository.id, chart);
      return send(reply, chartPage({ repository, chart, events, githubWeb, now: at }));
    },
  );
}

function notFound(reply: FastifyReply, what: string): Promise<FastifyReply> {
  return send(reply.code(404), { title: "Not found", main: html`<p>There is no such ${what} here.</p>` });
}

async function send(reply: FastifyReply, page: Page): Promise<FastifyReply> {
  return answer(reply, String(await layout(page)));
}

function answer(reply: FastifyReply, text: string | Buffer): FastifyReply {
  return reply.headers({ ...HEADERS, "content-type": "text/html; charset=utf-8" }).send(text);
}

const ASSETS = {
  "dashboard.css": { type: "text/css; charset=utf-8", text: STYLE },
  "dashboard.js": { type: "text/javascript; charset=utf-8", text: SCRIPT },
};

function addAssets(app: FastifyInstance): void {
  for (const [name, { type, text }] of Object.entries(ASSETS))
    app.get(`/assets/${name}`, async (_request, reply) =>
      reply.headers({ ...HEADERS, "cache-control": "max-age=300", "content-type": type }).send(text),
    );
}

function addEvents(app: FastifyInstance, { onChange }: DashboardPorts): void {
  const streams = new EventStreams();
  onChange(() => streams.changed());
  app.addHook("preClose", async () => streams.close());
  app.get("/events", async (_request, reply) => {
    if (!streams.open(reply.raw)) return reply.code(503).header("retry-after", "60").send();
    reply.hijack();
    return reply;
  });
}
