// The HTTP side: every request is logged, hit by its fault, rate limited, authenticated and answered.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { executeGraphQL, type FieldFaults } from "../graphql/execute.ts";
import type { AuthorizeDesk } from "../pages/authorize.ts";
import type { Page } from "../pages/document.ts";
import type { AppDesk } from "../pages/new-app.ts";
import { notMerged, type PressedMerge, pageFor, pressedMerge } from "../pages/pages.ts";
import { answerRest, refusalAnswer, restRoutes } from "../rest/answer.ts";
import type { Hook } from "../rest/app-routes.ts";
import type { Route } from "../rest/route.ts";
import { mergeWhatIsReady } from "../world/pull-requests/auto-merge.ts";
import { Refusal } from "../world/refusal.ts";
import type { Stale, World } from "../world/world.ts";
import type { Authorizations } from "./authorizations.ts";
import { type Answer, type Call, readCall } from "./call.ts";
import { type Fault, Faults } from "./faults.ts";
import { Budget, isWrite, type LimitOptions, primaryLimit, resourceOf, secondaryLimit } from "./limits.ts";
import { type LoggedRequest, RequestLog } from "./request-log.ts";
import type { Tokens, Viewer } from "./tokens.ts";

export interface FrontDoor {
  readonly world: World;
  readonly tokens: Tokens;
  readonly hook: Hook;
  readonly limits: LimitOptions;
  readonly desk: AppDesk;
  readonly authorizations: Authorizations;
  readonly authorizeDesk: AuthorizeDesk;
  /** A person presses the merge button of a page; throws when it cannot be merged. */
  readonly merge: (repository: string, number: number) => void;
}

export class GitHubServer {
  readonly log = new RequestLog();
  readonly faults = new Faults();
  /** Schema fields that were queried and are not modelled, as `Type.field`. */
  readonly unmodelled: string[] = [];
  readonly #world: World;
  readonly #tokens: Tokens;
  readonly #limits: LimitOptions;
  readonly #desk: AppDesk;
  readonly #authorizeDesk: AuthorizeDesk;
  readonly #merge: FrontDoor["merge"];
  readonly #routes: readonly Route[];
  readonly #budgets = new Map<string, Budget>();
  #server: Server | undefined;

  constructor(door: FrontDoor) {
    const { world, tokens, limits, desk, merge, authorizeDesk } = door;
    this.#merge = merge;
    this.#world = world;
    this.#tokens = tokens;
    this.#limits = limits;
    this.#desk = desk;
    this.#authorizeDesk = authorizeDesk;
    this.#routes = restRoutes(door);
  }

  /** Listens on a free port of the loopback address (or the one given). */
  async listen(port = 0): Promise<string> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        console.error("the offline GitHub failed", error);
        if (!response.headersSent) response.writeHead(500);
        response.end(JSON.stringify({ message: `the offline GitHub has a bug: ${String(error)}` }));
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    this.#server = server;
    const { port: bound } = addressOf(server);
    this.#world.origin = `http://127.0.0.1:${bound}`;
    return this.#world.origin;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    this.#server = undefined;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pressed = pressedMerge(request);
    if (pressed !== undefined) return this.#press(pressed, response);
    const page =
      pageFor(this.#world, request) ?? this.#authorizeDesk.page(request) ?? (await this.#submitted(request));
    if (page !== undefined) {
      const { status, html, location } = page;
      const headers = { "content-type": "text/html; charset=utf-8", ...(location && { location }) };
      response.writeHead(status, headers).end(html);
      return;
    }
    const call = await readCall(request);
    const logged = this.log.begin(call, this.#world.now());
    const fault = this.faults.strike(call);
    if (fault !== undefined) logged.fault = fault.kind;
    await this.#meet(fault, { call, logged, response });
  }

  /** The fields of a submitted form. */
  async #submitted(request: IncomingMessage): Promise<Page | undefined> {
    if (!/^application\/x-www-form-urlencoded\b/.test(request.headers["content-type"] ?? ""))
      return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const fields = new URLSearchParams(Buffer.concat(chunks).toString());
    return this.#authorizeDesk.submit(request, fields) ?? this.#desk.submit(request.url ?? "/", fields);
  }

  #press({ repository, number }: PressedMerge, response: ServerResponse): void {
    try {
      this.#merge(repository, number);
      response.writeHead(303, { location: `/${repository}/pull/${number}` }).end();
    } catch (error) {
      const { status, html } = notMerged(error);
      response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(html);
    }
  }

  async #meet(fault: Fault | undefined, meeting: Meeting): Promise<void> {
    const { call, response } = meeting;
    if (fault === undefined) return this.#reply(meeting, await this.#answer(meeting, "fresh"));
    switch (fault.kind) {
      case "500":
        return this.#reply(meeting, { status: 500, body: { message: "Server Error" } });
      case "502":
        return this.#reply(meeting, badGateway());
      case "502-after-effect":
        await this.#answer(meeting, "fresh");
        return this.#reply(meeting, badGateway());
      case "401":
        return this.#reply(meeting, { status: 401, body: { message: "Bad credentials" } });
      case "reset-before":
        response.destroy();
        return;
      case "reset-after-effect":
        await this.#answer(meeting, "fresh");
        response.destroy();
        return;
      case "timeout":
        return hang(response, fault.ms);
      case "timeout-after-effect":
        await this.#answer(meeting, "fresh");
        return hang(response, fault.ms);
      case "slow":
        await sleep(fault.ms);
        return this.#reply(meeting, await this.#answer(meeting, "fresh"));
      case "primary-limit": {
        const resetAt = Math.ceil(this.#world.now().getTime() / 1000) + (fault.resetSeconds ?? 60);
        return this.#reply(meeting, primaryLimit(call, resetAt));
      }
      case "secondary-limit":
        return this.#reply(meeting, secondaryLimit(call, fault));
      case "stale-read":
        return this.#reply(meeting, await this.#answer(meeting, lagOf(call, fault)));
      case "prefix":
        await this.#answer(meeting, "fresh", { skip: (_field, at) => at >= fault.fields });
        return this.#reply(meeting, badGateway());
      case "field-refused": {
        const { type = "FORBIDDEN", message = "Resource not accessible by integration" } = fault;
        const refuse = (field: string) => (field === fault.field ? new Refusal(type, message) : undefined);
        return this.#reply(meeting, await this.#answer(meeting, "fresh", { refuse }));
      }
      case "denied": {
        const message = fault.message ?? "Resource not accessible by integration";
        return this.#reply(meeting, { status: 403, body: { message } });
      }
    }
  }

  async #answer({ call, logged }: Meeting, freshness: Freshness, fields?: FieldFaults): Promise<Answer> {
    try {
      const viewer = this.#tokens.viewer(call.headers.authorization);
      if (viewer.kind === "installation") logged.installationId = viewer.installationId;
      const budget = this.#budget(viewer);
      if (call.path === "/rate_limit") return rateLimitAnswer(budget);
      const refused = budget.refuse(call);
      if (refused !== undefined)
        return { ...refused, headers: { ...budget.headers(resourceOf(call)), ...refused.headers } };
      const answer = await this.#dispatch(call, {
        ...{ viewer, budget, stale: freshness === "records" ? freshness : freshness === "stale" },
        ...(fields && { fields }),
      });
      if (isWrite(call))
        for (const repository of this.#world.repositories.values()) mergeWhatIsReady(this.#world, repository);
      return { ...answer, headers: { ...budget.headers(resourceOf(call)), ...answer.headers } };
    } catch (error) {
      return refusalAnswer(error);
    }
  }

  async #dispatch(call: Call, { viewer, budget, stale, fields }: Dispatching): Promise<Answer> {
    if (call.graphql === undefined) {
      const answer = answerRest(this.#world, call, { routes: this.#routes, viewer, stale });
      budget.spend(call, answer.status === 304 ? 0 : 1);
      return answer;
    }
    return executeGraphQL(this.#world, call.graphql, {
      viewer,
      stale,
      ...(fields && { fields }),
      unmodelled: (field) => this.unmodelled.push(field),
      spend: (points) => {
        budget.spend(call, points);
        return budget.state("graphql");
      },
    });
  }

  #budget(viewer: Viewer): Budget {
    const key = budgetKey(viewer);
    const budget = this.#budgets.get(key) ?? new Budget(this.#limits, this.#world.now);
    this.#budgets.set(key, budget);
    return budget;
  }

  #reply({ logged, response }: Meeting, { status, body, headers }: Answer): void {
    logged.status = status;
    const raw = Buffer.isBuffer(body);
    const type = raw ? "application/vnd.github.raw; charset=utf-8" : "application/json; charset=utf-8";
    response.writeHead(status, { "content-type": type, "x-github-media-type": "github.v3", ...headers });
    response.end(body === undefined ? undefined : raw ? body : JSON.stringify(body));
  }
}

function budgetKey(viewer: Viewer): string {
  if (viewer.kind === "installation") return String(viewer.installationId);
  return viewer.kind === "person" ? `person ${viewer.login}` : viewer.kind;
}

type Freshness = "fresh" | "stale" | "records";

/** Writes always see the present state. */
function lagOf(call: Call, { of }: Extract<Fault, { kind: "stale-read" }>): Freshness {
  return isWrite(call) ? "fresh" : (of ?? "stale");
}

interface Dispatching {
  readonly viewer: Viewer;
  readonly budget: Budget;
  readonly stale: Stale;
  readonly fields?: FieldFaults;
}

interface Meeting {
  readonly call: Call;
  readonly logged: LoggedRequest;
  readonly response: ServerResponse;
}

function badGateway(): Answer {
  return { status: 502, body: { message: "Server Error" } };
}

const MINUTE = 60_000;

/** Gives no response until the client gives up, or the time is over and the connection is reset. */
async function hang(response: ServerResponse, ms = MINUTE): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
  response.destroy();
}

function rateLimitAnswer(budget: Budget): Answer {
  const state = (resource: "core" | "graphql") => {
    const { limit, used, remaining, resetAt } = budget.state(resource);
    return { limit, used, remaining, reset: Math.ceil(resetAt.getTime() / 1000) };
  };
  const resources = { core: state("core"), graphql: state("graphql") };
  return { status: 200, body: { resources, rate: resources.core }, headers: { ...budget.headers("core") } };
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no address");
  return address;
}
