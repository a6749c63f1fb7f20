// The offline ChartMuseum's answers to POST and DELETE.

import { multipartFields } from "./multipart.ts";
import { fileName, type MuseumOptions, type MuseumState } from "./museum-state.ts";
import { NotAChart, readChart } from "./read-chart.ts";
import { type Incoming, json, type Reply } from "./stand-in.ts";

const UPLOAD_LIMIT = 20 * 1024 * 1024;

export function writeMuseum(state: MuseumState, path: string, request: Incoming): Reply | Promise<Reply> {
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

async function writeForm(
  state: MuseumState,
  fields: ReadonlyMap<string, Buffer>,
  force: boolean,
): Promise<Reply> {
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
  state: MuseumState,
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
  state: MuseumState,
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

export function removeFromMuseum(state: MuseumState, path: string): Reply {
  const [, name, version] = /^\/api\/charts\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (name === undefined || version === undefined) return json(404, { error: "not found" });
  const file = fileName({ name, version });
  if (!state.storage.delete(file)) return json(404, { error: `remove ${file}: no such file or directory` });
  state.storage.delete(`${file}.prov`);
  state.index.remove(name, version);
  return json(200, { deleted: true });
}
