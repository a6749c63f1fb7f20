// A chart repository in the hands of an attacker: ChartMuseum, index.yaml and OCI registry at one address, which serve what
// they are told to and look into nothing. Any answer can be replaced by another one.

import { createHash } from "node:crypto";
import {
  type Incoming,
  json,
  type Reply,
  type StandIn,
  startStandIn,
} from "../../src/sandbox/chartmuseum/stand-in.ts";

export interface HostileChart {
  readonly name: string;
  readonly version: string;
  readonly packed: Uint8Array;
  /** What the repository lists beside name and version. */
  readonly listed?: object;
}

export interface HostileRepository extends StandIn {
  /** Serves it by all three interfaces: below `/`, `/index` and `oci://…/charts`. */
  readonly serve: (chart: HostileChart) => void;
  /** Answers a path so, whatever else is there; `undefined` takes that back. */
  readonly answer: (path: string, reply: Reply | undefined) => void;
}

const HELM = "application/vnd.cncf.helm";

export async function startHostileRepository(): Promise<HostileRepository> {
  const charts = new Map<string, HostileChart>();
  const answers = new Map<string, Reply>();
  const server = await startStandIn((request) => answers.get(request.url.pathname) ?? route(charts, request));
  return {
    ...server,
    serve: (chart) => void charts.set(`${chart.name}-${chart.version}`, chart),
    answer: (path, reply) => (reply === undefined ? answers.delete(path) : answers.set(path, reply)),
  };
}

function route(charts: ReadonlyMap<string, HostileChart>, { method, url }: Incoming): Reply {
  const path = decodeURIComponent(url.pathname);
  if (method === "POST") return json(201, { saved: true });
  if (path.startsWith("/v2/")) return registry(charts, path);
  if (path === "/index/index.yaml") return indexOf([...charts.values()]);
  const file = /\/(?:charts\/)?([^/]+)\.tgz$/.exec(path)?.[1];
  if (file !== undefined) return bytes(charts.get(file)?.packed);
  const [, name, version] = /^\/api\/charts\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const listed = [...charts.values()].filter((chart) => chart.name === name).map(entry);
  if (version === undefined) return json(200, listed);
  const found = charts.get(`${name}-${version}`);
  return found ? json(200, entry(found)) : json(404, { error: "chart not found" });
}

function entry(chart: HostileChart): object {
  const { name, version, packed, listed } = chart;
  const urls = [`charts/${name}-${version}.tgz`];
  return { apiVersion: "v2", name, version, urls, digest: sha256(packed), ...listed };
}

function indexOf(charts: readonly HostileChart[]): Reply {
  const entries = Object.groupBy(charts, ({ name }) => name);
  const listed = Object.entries(entries).map(([name, some = []]) => [name, some.map(entry)]);
  return json(200, { apiVersion: "v1", entries: Object.fromEntries(listed) });
}

function registry(charts: ReadonlyMap<string, HostileChart>, path: string): Reply {
  const [, name, what, reference = ""] =
    /^\/v2\/charts\/([^/]+)\/(manifests|blobs|tags)\/(.+)$/.exec(path) ?? [];
  const own = [...charts.values()].filter((chart) => chart.name === name);
  if (what === "tags") return json(200, { name, tags: own.map(({ version }) => version) });
  if (what === "manifests") {
    const found = own.find(({ version }) => version === reference);
    return found ? json(200, manifestOf(found)) : absent();
  }
  const blobs = own.flatMap((chart) => [configOf(chart), Buffer.from(chart.packed)]);
  return bytes(blobs.find((blob) => `sha256:${sha256(blob)}` === reference));
}

function manifestOf(chart: HostileChart): object {
  const described = (mediaType: string, blob: Uint8Array) => ({
    mediaType,
    digest: `sha256:${sha256(blob)}`,
    size: blob.length,
  });
  return {
    schemaVersion: 2,
    config: described(`${HELM}.config.v1+json`, configOf(chart)),
    layers: [described(`${HELM}.chart.content.v1.tar+gzip`, chart.packed)],
  };
}

function configOf({ name, version, listed }: HostileChart): Buffer {
  return Buffer.from(JSON.stringify({ apiVersion: "v2", name, version, ...listed }));
}

function bytes(body: Uint8Array | undefined): Reply {
  return body === undefined ? absent() : { status: 200, body };
}

function absent(): Reply {
  return json(404, { errors: [{ code: "MANIFEST_UNKNOWN" }], error: "chart not found" });
}

function sha256(blob: Uint8Array): string {
  return createHash("sha256").update(blob).digest("hex");
}
