// The dashboard's pages over HTTP: rendered on the server from the database alone, limited to what the reader may read.

import { promisify } from "node:util";
import zlib from "node:zlib";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { html } from "hono/html";
import type { Board, BoardRepository } from "../../domain/board/board.ts";
import type { HistoryEvent } from "../../domain/model/history.ts";
import type { Journey } from "../../reconcile/board/read-journey.ts";
import type { QueueFacts } from "../../reconcile/board/read-queue.ts";
import type { RecentReport } from "../../reconcile/report/recent-report.ts";
import { requestNote } from "./actions/action-forms.ts";
import { addActions, type DashboardActions } from "./actions/action-routes.ts";
import { answer, goTo, HEADERS, send } from "./answers.ts";
import { SCRIPT } from "./assets/script.ts";
import { STYLE } from "./assets/style.ts";
import { EventStreams } from "./event-streams.ts";
import { readForms, textOf } from "./forms.ts";
import { boardPage, boardPages, boardSection } from "./pages/board-page.ts";
import { chartPage } from "./pages/chart-page.ts";
import { journeyPage } from "./pages/journey-page.ts";
import { layout, type Page } from "./pages/layout.ts";
import { queuePage } from "./pages/queue-page.ts";
import { reportPage } from "./pages/report-page.ts";
import { rememberedBriefly } from "./remembered-briefly.ts";
import { addSignIn, type SignInParts } from "./sign-in/routes.ts";
import { everybody, signedIn, type Visiting, type Visitor } from "./visitor.ts";

export interface DashboardPorts {
  readonly githubWeb: string;
  readonly board: () => Promise<Board>;
  readonly chart: (repositoryId: number, chart: string) => Promise<readonly HistoryEvent[]>;
  readonly journey: (publishId: string) => Promise<Journey | undefined>;
  readonly report: () => Promise<RecentReport>;
  readonly queue: () => Promise<QueueFacts>;
  /** Calls back after each event, with the config repositories that it concerns. */
  readonly onChange: (listener: (repositoryIds: readonly number[]) => void) => void;
  /** Absent: everybody who can reach the server may look, and nobody may act. */
  readonly signIn?: SignInParts & DashboardActions;
}

/** A page may have hundreds of kB of repetitive HTML: it is compressed in zlib's thread pool. */
const gzip = promisify<string, Buffer>(zlib.gzip);

interface Reading {
  readonly board: () => Promise<Board>;
  readonly visiting: Visiting;
}

export function dashboard(ports: DashboardPorts): FastifyPluginAsync {
  return async (app) => {
    const { signIn } = ports;
    const visiting = signIn ? signedIn(signIn) : everybody;
    readForms(app);
    if (signIn) {
      addSignIn(app, signIn);
      addActions(app, signIn, visiting);
    }
    addAssets(app);
    addEvents(app, ports, visiting);
    // Shared by all pages.
    const board = rememberedBriefly(ports.board);
    addFrontPage(app, ports, { board, visiting });
    addPages(app, ports, { board, visiting });
  };
}

function addFrontPage(
  app: FastifyInstance,
  { githubWeb }: DashboardPorts,
  { board, visiting }: Reading,
): void {
  const sections = new WeakMap<BoardRepository, Promise<string>>();
  const sectionOf = (repository: BoardRepository, at: Date): Promise<string> => {
    const known = sections.get(repository) ?? boardSection(repository, { at, githubWeb });
    sections.set(repository, known);
    return known;
  };
  /** `undefined` when there is no such page. */
  const page = async (number: number, { mayRead, session }: Visitor): Promise<string | undefined> => {
    const { repositories, at } = await board();
    const pages = boardPages(repositories.filter(({ id }) => mayRead(id)));
    const shown = pages[number - 1];
    if (!shown) return undefined;
    const texts: string[] = [];
    for (const repository of shown) texts.push(await sectionOf(repository, at));
    const nothing = session && NOTHING_READABLE;
    return String(
      await layout(boardPage({ sections: texts, number, pages: pages.length, nothing }), session),
    );
  };
  const forEverybody = new WeakMap<Board, Map<number, Promise<PackedPage | undefined>>>();
  const pageForEverybody = async (number: number): Promise<PackedPage | undefined> => {
    const now = await board();
    const made = forEverybody.get(now) ?? new Map<number, Promise<PackedPage | undefined>>();
    forEverybody.set(now, made);
    const isThere = number <= boardPages(now.repositories).length;
    const packed = made.get(number) ?? page(number, EVERYBODY).then(packedPage);
    if (isThere) made.set(number, packed);
    return packed;
  };
  app.get<{ Querystring: { page?: unknown } }>("/", async (request, reply) => {
    const visitor = await visiting(request, reply);
    if (!visitor) return reply;
    const number = /^[1-9]\d{0,5}$/.test(textOf(request.query.page)) ? Number(request.query.page) : 1;
    const made = visitor.session
      ? await packedPage(await page(number, visitor))
      : await pageForEverybody(number);
    if (!made) return send(reply.code(404), notFoundPage("page"), visitor.session);
    const isPacked = /\bgzip\b/.test(String(request.headers["accept-encoding"]));
    if (isPacked) reply.header("content-encoding", "gzip");
    return answer(reply, isPacked ? await made.packed() : made.text);
  });
}

const EVERYBODY: Visitor = { mayRead: () => true, mayWrite: () => false };

interface PackedPage {
  readonly text: string;
  readonly packed: () => Promise<Buffer>;
}

async function packedPage(text: string | undefined): Promise<PackedPage | undefined> {
  if (text === undefined) return undefined;
  let packing: Promise<Buffer> | undefined;
  return { text, packed: () => (packing ??= gzip(text)) };
}

const NOTHING_READABLE =
  "No config repository is known that you may read on GitHub. What you may read is asked every five minutes.";

function addPages(app: FastifyInstance, ports: DashboardPorts, { board, visiting }: Reading): void {
  const { githubWeb } = ports;
  const show = async <Request extends FastifyRequest>(
    request: Request,
    reply: FastifyReply,
    page: (visitor: Visitor) => Promise<Page | string>,
  ) => {
    const visitor = await visiting(request, reply);
    if (!visitor) return reply;
    const made = await page(visitor);
    if (typeof made === "string") return send(reply.code(404), notFoundPage(made), visitor.session);
    const note = requestNote(Object(request.query)["asked"]);
    return send(reply, { ...made, main: html`${note}${made.main}` }, visitor.session);
  };
  app.get<{ Params: { id: string; number: string } }>("/pulls/:id/:number", async (request, reply) => {
    const visitor = await visiting(request, reply);
    if (!visitor) return reply;
    const { id, number } = request.params;
    const { repositories } = await board();
    const repository = repositories.find((one) => String(one.id) === id && visitor.mayRead(one.id));
    return repository && /^[1-9]\d{0,9}$/.test(number)
      ? goTo(reply, `${githubWeb}/${repository.name}/pull/${number}`)
      : send(reply.code(404), notFoundPage("pull request"), visitor.session);
  });
  app.get("/queue", (request, reply) =>
    show(request, reply, async (visitor) => queuePage(await ports.queue(), visitor)),
  );
  app.get("/report", (request, reply) =>
    show(request, reply, async (visitor) => reportPage(await ports.report(), visitor)),
  );
  app.get<{ Params: { id: string } }>("/journeys/:id", (request, reply) =>
    show(request, reply, async (visitor) => {
      const journey = await ports.journey(request.params.id);
      const readable = journey && readableJourney(journey, visitor);
      return readable ? journeyPage(readable, githubWeb) : "publish";
    }),
  );
  app.get<{ Params: { owner: string; name: string; chart: string } }>(
    "/repositories/:owner/:name/charts/:chart",
    (request, reply) =>
      show(request, reply, async ({ mayRead, mayWrite, session }) => {
        const { owner, name, chart } = request.params;
        const { repositories, at } = await board();
        const repository = repositories.find((one) => one.name === `${owner}/${name}` && mayRead(one.id));
        if (!repository?.charts.some((one) => one.name === chart)) return "chart";
        const events = await ports.chart(repository.id, chart);
        const writer = session && mayWrite(repository.id) && { writer: session };
        return chartPage({ repository, chart, events, githubWeb, now: at, ...writer });
      }),
  );
}

/** Leaves out steps in repositories that the visitor may not read; `undefined` when none remain. */
function readableJourney(
  { publish, steps, promotions }: Journey,
  { mayRead, session }: Visitor,
): Journey | undefined {
  if (!session) return { publish, steps, promotions };
  const mine = promotions.filter(({ repositoryId }) => mayRead(repositoryId));
  const isMine = ({ event: { repositoryId } }: Journey["steps"][number]) =>
    repositoryId === undefined || mayRead(repositoryId);
  return mine.length > 0 ? { publish, steps: steps.filter(isMine), promotions: mine } : undefined;
}

function notFoundPage(what: string): Page {
  return { title: "Not found", main: html`<p>There is no such ${what} here.</p>` };
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

function addEvents(app: FastifyInstance, { onChange }: DashboardPorts, visiting: Visiting): void {
  const streams = new EventStreams();
  onChange((repositoryIds) => streams.changed(repositoryIds));
  app.addHook("preClose", async () => streams.close());
  app.get("/events", async (request, reply) => {
    const visitor = await visiting(request, reply);
    if (!visitor) return reply;
    if (!streams.open(reply.raw, visitor)) return reply.code(503).header("retry-after", "60").send();
    reply.hijack();
    return reply;
  });
}
