// The offline ChartMuseum's answers to GET.

import { stringify } from "yaml";
import type { MuseumState } from "./museum-state.ts";
import { type Incoming, json, type Reply } from "./stand-in.ts";

export function readMuseum(state: MuseumState, path: string, request: Incoming): Reply {
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

function indexFile({ index, options }: MuseumState): Reply {
  const file = {
    apiVersion: "v1",
    entries: index.entries,
    generated: new Date().toISOString(),
    serverInfo: {},
  };
  const body = options.jsonIndex === true ? JSON.stringify(file) : stringify(file);
  return { status: 200, headers: { "content-type": "application/x-yaml" }, body };
}

function packageFile({ storage }: MuseumState, file: string): Reply {
  const type = /\.tgz(\.prov)?$/.exec(file);
  if (type === null) return json(500, { error: "unsupported file extension" });
  const body = storage.get(file);
  if (body === undefined) return json(404, { error: "object not found" });
  const contentType = type[1] === undefined ? "application/x-tar" : "application/pgp-signature";
  return { status: 200, headers: { "content-type": contentType }, body };
}

function list({ index }: MuseumState, query: URLSearchParams): Reply {
  const offset = query.get("offset") ?? "0";
  const limit = query.get("limit");
  if (!/^\d+$/.test(offset)) return json(400, { error: "offset is not a valid non-negative integer" });
  if (limit !== null && !/^0*[1-9]\d*$/.test(limit))
    return json(400, { error: "limit is not a valid positive integer" });
  const end = limit === null ? undefined : Number(offset) + Number(limit);
  return json(200, Object.fromEntries(Object.entries(index.entries).slice(Number(offset), end)));
}

function versionsOf({ index }: MuseumState, name: string): Reply {
  const entries = index.of(name);
  return entries.length > 0 ? json(200, entries) : json(404, { error: "chart not found" });
}

/** A 501, so that a gap in the stand-in is not mistaken for a response of ChartMuseum. */
export function notModelled({ method, url }: Incoming): Reply {
  return json(501, { error: `the offline ChartMuseum does not model ${method} ${url.pathname}` });
}
