// An offline ChartMuseum (v0.16, depth 0): its routes, status codes, error texts and quirks. Anything else is a 501.

import { randomUUID } from "node:crypto";
import { notModelled, readMuseum } from "./museum-read.ts";
import { type MuseumOptions, MuseumState } from "./museum-state.ts";
import { removeFromMuseum, writeMuseum } from "./museum-write.ts";
import type { ChartFile } from "./read-chart.ts";
import { type Incoming, json, type Reply, type StandIn, startStandIn } from "./stand-in.ts";

export interface Museum extends StandIn {
  /** File names in storage (`xposer-1.0.0.tgz`, `xposer-1.0.0.tgz.prov`) and their bytes. */
  readonly packages: ReadonlyMap<string, Buffer>;
  /** Adds a package to storage and index at once, without a request; optionally with a provenance file. */
  readonly upload: (packed: Uint8Array, provenance?: string) => Promise<ChartFile>;
}

/** Starts one on 127.0.0.1. */
export async function startMuseum(options: MuseumOptions = {}): Promise<Museum> {
  const state = new MuseumState(options);
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

async function answer(state: MuseumState, request: Incoming): Promise<Reply> {
  const reply = await route(state, request);
  const requestId = request.headers["x-request-id"];
  return {
    ...reply,
    headers: { "x-request-id": typeof requestId === "string" ? requestId : randomUUID(), ...reply.headers },
    body: request.method === "HEAD" ? "" : (reply.body ?? ""),
  };
}

async function route(state: MuseumState, request: Incoming): Promise<Reply> {
  const path = decodeURIComponent(request.url.pathname);
  if (path === "/health") return json(200, { healthy: true });
  if (path === "/info") return json(200, { version: "v0.16.5" });
  if (!isAllowed(state.options, request)) return unauthorized();
  switch (request.method) {
    case "GET":
    case "HEAD":
      return readMuseum(state, path, request);
    case "POST":
      return writeMuseum(state, path, request);
    case "DELETE":
      return removeFromMuseum(state, path);
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
