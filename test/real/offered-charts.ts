// A chart repository that Helm reaches under any http:// address: the test's server stands in as the HTTP proxy.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { stringify } from "yaml";
import { packChart } from "../../src/sandbox/chartmuseum/pack-chart.ts";

export interface OfferedChart {
  readonly name: string;
  readonly version: string;
}

export interface OfferedCharts {
  /** What HTTP_PROXY must be for Helm. */
  readonly proxy: string;
  /** Offers these charts, and no others, under this URL. */
  offer(repository: string, charts: readonly OfferedChart[]): void;
  stop(): Promise<void>;
}

export async function offerCharts(): Promise<OfferedCharts> {
  const offered = new Map<string, readonly OfferedChart[]>();
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    const [repository, charts] = [...offered].find(([base]) => url.startsWith(`${base}/`)) ?? [];
    const name = decodeURIComponent(url.slice((repository ?? "").length + 1));
    if (charts === undefined) return void response.writeHead(404).end();
    if (name === "index.yaml") return void response.end(indexOf(charts));
    const chart = charts.find((each) => fileName(each) === name);
    if (chart === undefined) return void response.writeHead(404).end();
    response.end(packChart({ name: chart.name, version: chart.version }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    proxy: `http://127.0.0.1:${isAddress(address) ? address.port : 0}`,
    offer: (repository, charts) => void offered.set(repository.replace(/\/+$/, ""), charts),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function indexOf(charts: readonly OfferedChart[]): string {
  const entries = Map.groupBy(charts, ({ name }) => name);
  const written = [...entries].map(([name, offered]) => {
    const versions = new Set(offered.map(({ version }) => version));
    return [name, [...versions].map((version) => entryOf({ name, version }))] as const;
  });
  return stringify({ apiVersion: "v1", entries: Object.fromEntries(written) });
}

function entryOf({ name, version }: OfferedChart): object {
  return { apiVersion: "v2", name, version, urls: [encodeURIComponent(fileName({ name, version }))] };
}

function fileName({ name, version }: OfferedChart): string {
  return `${name}-${version}.tgz`;
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
