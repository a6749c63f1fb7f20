// An offline ChartMuseum (v0.16, depth 0): its routes, status codes, error texts and habits. What it does not have, it
// answers with 501, so that nobody mistakes a gap in it for an answer of ChartMuseum.

import { randomUUID } from "node:crypto";
import { stringify } from "yaml";
import { ChartIndex } from "./chart-index.ts";
import { multipartFields } from "./multipart.ts";
import { type ChartFile, NotAChart, readChart } from "./read-chart.ts";
import { type Incoming, json, type Reply, type StandIn, startStandIn } from "./stand-in.ts";

const UPLOAD_LIMIT = 20 * 1024 * 1024;

export interface MuseumOptions {
  readonly port?: number;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  /** Lets everybody read when `basicAuth` is set (`--auth-anonymous-get`). */
  readonly anonymousGet?: boolean;
  /** Milliseconds between the 201 and the index knowing the chart; 0 when absent. */
  readonly indexLagMs?: number;
  /** An upload of a known version replaces it (`--allow-overwrite`), or does so not even with `?force`. */
  readonly overwrite?: "always" | "never";
  /** Base of the absolute URLs in the index (`--chart-url`); they are relative without it. */
  readonly chartUrl?: string;
  /** index.yaml is JSON text (`--json-index`). */
  readonly jsonIndex?: boolean;
}

export interface Museum extends StandIn {
  /** File names in storage (`xposer-1.0.0.tgz`, `xposer-1.0.0.tgz.prov`) and their bytes. */
  readonly packages: ReadonlyMap<string, Buffer>;
  /** Puts a package into storage and index at once, without a request; a provenance file too when given. */
  readonly upload: (packed: Uint8Array, provenance?: string) => Promise<ChartFile>;
}

/** Starts one on 127.0.0.1. */
export async function startMuseum(options: MuseumOptions = {}): Promise<Museum> {
  const state = new State(options);
  const server = await startStandIn((request) => answer(state, request), options.port);
  return {
    ...server,
    packages: state.storage,
    upload: (packed, provenance) => state.seed(Buffer.from(packed), provenance),
    close: async () => {
      state.stop();
      await server.close();
    },
  };
}

class State {
  readonly storage = new Map<string, Buffer>();
  readonly index = new ChartIndex();
  readonly options: MuseumOptions;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: MuseumOptions) {
    this.options = options;
  }

  async seed(packed: Buffer, provenance?: string): Promise<ChartFile> {
    const chart = await readChart(packed);
    this.storage.set(fileName(chart), packed);
    if (provenance !== undefined) this.storage.set(`${fileName(chart)}.prov`, Buffer.from(provenance));
    this.#enter(chart);
    return chart;
  }

  /** The index learns of a stored chart only after the lag. */
  announce(chart: ChartFile): void {
    const { indexLagMs = 0 } = this.options;
    const enter = () => this.#enter(chart);
    if (indexLagMs === 0) enter();
    else this.#timers.add(setTimeout(enter, indexLagMs));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #enter(chart: ChartFile): void {
    const { chartUrl } = this.options;
    const path = `charts/${fileName(chart)}`;
    this.index.put(chart, {
      url: chartUrl === undefined ? path : `${chartUrl}/${path}`,
      created: new Date(),
    });
  }
}

function fileName({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}-${version}.tgz`;
}

async function answer(state: State, request: Incoming): Promise<Reply> {
  const reply = await route(state, request);
  const requestId = request.headers["x-request-id"];
  return {
    ...reply,
    headers: { "x-request-id": typeof requestId === "string" ? requestId : randomUUID(), ...reply.headers },
    body: request.method === "HEAD" ? "" : (reply.body ?? ""),
  };
}

async function route(state: State, request: Incoming): Promise<Reply> {
  const path = decodeURIComponent(request.url.pathname);
  if (path === "/health") return json(200, { healthy: true });
  if (path === "/info") return json(200, { version: "v0.16.5" });
  if (!isAllowed(state.options, request)) return unauthorized();
  switch (request.method) {
    case "GET":
    case "HEAD":
      return read(state, path, request);
    case "POST":
      return write(state, path, request);
    case "DELETE":
      return remove(state, path);
    default:
      return notModelled(request);
  }
}

function isAllowed({ basicAuth, anonymousGet }: MuseumOptions, { method, headers }: Incoming): boolean {
  if (basicAuth === undefined) return true;
  if (anonymousGet === true && (method === "GET" || method === "HEAD")) return true;
  const credentials = `${basicAuth.username}:${basicAuth.password}`;
  return headers.authorization === `Basic ${Buffer.from(credentials).toString("base64")}`;
}

function unauthorized(): Reply {
  return json(401, { error: "unauthorized" }, { "www-authenticate": 'Basic realm="ChartMuseum"' });
}

function read(state: State, path: string, request: Incoming): Reply {
  if (path === "/") return { status: 200, headers: { "content-type": "text/html" }, body: "<!DOCTYPE html>" };
  if (path === "/index.yaml") return indexFile(state);
  const file = /^\/charts\/([^/]+)$/.exec(path)?.[1];
  if (file !== undefined) return packageFile(state, file);
  if (path === "/api/charts") return list(state, request.url.searchParams);
  const [, name, version, ...rest] = /^\/api\/charts\/([^/]+)(?:\/([^/]+))?(\/.+)?$/.exec(path) ?? [];
  if (name === undefined) return json(404, { error: "not found" });
  if (rest[0] !== undefined) return notModelled(request);
  if (version === undefined) return versionsOf(state, name);
  const match = state.index.match(name, version);
  return match.kind === "match" ? json(200, match.entry) : json(404, { error: match.problem });
}

function indexFile({ index, options }: State): Reply {
  const file = {
    apiVersion: "v1",
    entries: index.entries,
    generated: new Date().toISOString(),
    serverInfo: {},
  };
  const body = options.jsonIndex === true ? JSON.stringify(file) : stringify(file);
  return { status: 200, headers: { "content-type": "application/x-yaml" }, body };
}

function packageFile({ storage }: State, file: string): Reply {
  const type = /\.tgz(\.prov)?$/.exec(file);
  if (type === null) return json(500, { error: "unsupported file extension" });
  const body = storage.get(file);
  if (body === undefined) return json(404, { error: "object not found" });
  const contentType = type[1] === undefined ? "application/x-tar" : "application/pgp-signature";
  return { status: 200, headers: { "content-type": contentType }, body };
}

function list({ index }: State, query: URLSearchParams): Reply {
  const offset = query.get("offset") ?? "0";
  const limit = query.get("limit");
  if (!/^\d+$/.test(offset)) return json(400, { error: "offset is not a valid non-negative integer" });
  if (limit !== null && !/^0*[1-9]\d*$/.test(limit))
    return json(400, { error: "limit is not a valid positive integer" });
  const end = limit === null ? undefined : Number(offset) + Number(limit);
  return json(200, Object.fromEntries(Object.entries(index.entries).slice(Number(offset), end)));
}

function versionsOf({ index }: State, name: string): Reply {
  const entries = index.of(name);
  return entries.length > 0 ? json(200, entries) : json(404, { error: "chart not found" });
}

function write(state: State, path: string, request: Incoming): Reply | Promise<Reply> {
  if (path !== "/api/charts" && path !== "/api/prov") return json(404, { error: "not found" });
  if (request.body.length > UPLOAD_LIMIT)
    return { status: 413, headers: { connection: "close" }, body: "request too large" };
  const force = mayOverwrite(state.options, request.url.searchParams);
  const contentType = request.headers["content-type"] ?? "";
  if (contentType.startsWith("multipart/form-data"))
    return writeForm(state, multipartFields(contentType, request.body), force);
  if (path === "/api/prov") return writeProvenance(state, request.body, { force, badStatus: 500 });
  return writeChart(state, request.body, { force, conflict: "file already exists" });
}

function mayOverwrite({ overwrite }: MuseumOptions, query: URLSearchParams): boolean {
  if (overwrite === undefined) return query.has("force");
  return overwrite === "always";
}

async function writeForm(state: State, fields: ReadonlyMap<string, Buffer>, force: boolean): Promise<Reply> {
  const chart = fields.get("chart");
  const provenance = fields.get("prov");
  if (chart === undefined && provenance === undefined)
    return json(400, { error: "no package or provenance file found in form fields chart and prov" });
  if (chart !== undefined) {
    const reply = await writeChart(state, chart, { force, conflict: "chart already exists" });
    if (reply.status !== 201 || provenance === undefined) return reply;
  }
  return writeProvenance(state, provenance ?? Buffer.of(), {
    force: force || chart !== undefined,
    badStatus: 400,
  });
}

async function writeChart(
  state: State,
  packed: Buffer,
  { force, conflict }: { readonly force: boolean; readonly conflict: string },
): Promise<Reply> {
  try {
    const chart = await readChart(packed);
    if (state.storage.has(fileName(chart)) && !force) return json(409, { error: conflict });
    state.storage.set(fileName(chart), packed);
    state.announce(chart);
    return json(201, { saved: true });
  } catch (error) {
    if (error instanceof NotAChart) return json(400, { error: error.message });
    throw error;
  }
}

function writeProvenance(
  state: State,
  provenance: Buffer,
  { force, badStatus }: { readonly force: boolean; readonly badStatus: number },
): Reply {
  const text = provenance.toString("utf8");
  const name = /\nname: *(.+)/.exec(text)?.[1];
  const version = /\nversion: *(.+)/.exec(text)?.[1];
  if (name === undefined || version === undefined)
    return json(badStatus, { error: "invalid provenance file" });
  const file = `${fileName({ name, version })}.prov`;
  if (state.storage.has(file) && !force) return json(409, { error: "file already exists" });
  state.storage.set(file, provenance);
  return json(201, { saved: true });
}

function remove(state: State, path: string): Reply {
  const [, name, version] = /^\/api\/charts\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (name === undefined || version === undefined) return json(404, { error: "not found" });
  const file = fileName({ name, version });
  if (!state.storage.delete(file)) return json(404, { error: `remove ${file}: no such file or directory` });
  state.storage.delete(`${file}.prov`);
  state.index.remove(name, version);
  return json(200, { deleted: true });
}

function notModelled({ method, url }: Incoming): Reply {
  return json(501, { error: `the offline ChartMuseum does not model ${method} ${url.pathname}` });
}
