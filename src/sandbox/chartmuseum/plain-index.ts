// An offline web server with an index.yaml and packages, as made by `helm repo index` and hosted on GitHub Pages.

import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { ChartIndex } from "./chart-index.ts";
import { type ChartFile, readChart } from "./read-chart.ts";
import { type Incoming, type Reply, type StandIn, startStandIn } from "./stand-in.ts";

export interface PlainIndexOptions {
  readonly port?: number;
  readonly format?: "yaml" | "json";
  /** Sends an ETag and answers If-None-Match; true when absent. */
  readonly etag?: boolean;
}

export interface PlainIndex extends StandIn {
  /** Adds a package and lists it in the index. */
  readonly add: (packed: Uint8Array, provenance?: string) => Promise<ChartFile>;
  /** Serves this text as index.yaml instead of the real one; undefined restores it. */
  readonly setIndex: (text: string | undefined) => void;
}

/** Starts one on 127.0.0.1. */
export async function startPlainIndex(options: PlainIndexOptions = {}): Promise<PlainIndex> {
  const index = new ChartIndex();
  const files = new Map<string, Uint8Array>();
  let text: string | undefined;
  const server = await startStandIn((request) => {
    const path = request.url.pathname.slice(1);
    if (path !== "index.yaml") return file(files.get(decodeURIComponent(path)));
    return indexFile(request, text ?? printed(index, options), options);
  }, options.port);
  return {
    ...server,
    add: async (packed, provenance) => {
      const chart = await readChart(packed);
      const name = `${chart.name}-${chart.version}.tgz`;
      files.set(name, packed);
      if (provenance !== undefined) files.set(`${name}.prov`, Buffer.from(provenance));
      index.put(chart, { url: name, created: new Date("2026-01-02T03:04:05Z") });
      return chart;
    },
    setIndex: (replacement) => {
      text = replacement;
    },
  };
}

function printed(index: ChartIndex, { format = "yaml" }: PlainIndexOptions): string {
  const value = { apiVersion: "v1", entries: index.entries, generated: "2026-01-02T03:04:05Z" };
  return format === "json" ? JSON.stringify(value) : stringify(value);
}

function indexFile({ headers }: Incoming, text: string, { etag = true }: PlainIndexOptions): Reply {
  if (!etag) return { status: 200, body: text };
  const tag = `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`;
  if (headers["if-none-match"] === tag) return { status: 304, headers: { etag: tag } };
  return { status: 200, headers: { etag: tag, "content-type": "text/yaml" }, body: text };
}

function file(bytes: Uint8Array | undefined): Reply {
  return bytes === undefined ? { status: 404, body: "404 page not found" } : { status: 200, body: bytes };
}
