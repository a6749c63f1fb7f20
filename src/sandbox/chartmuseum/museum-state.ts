// The state of an offline ChartMuseum: its storage, and its index, which lags a moment behind.

import { ChartIndex } from "./chart-index.ts";
import { type ChartFile, readChart } from "./read-chart.ts";

export interface MuseumOptions {
  readonly port?: number;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  /** Allows anonymous reads when `basicAuth` is set (`--auth-anonymous-get`). */
  readonly anonymousGet?: boolean;
  /** Milliseconds between the 201 and the chart's appearance in the index; default 0. */
  readonly indexLagMs?: number;
  /** `always`: an upload of a known version replaces it (`--allow-overwrite`); `never`: not even with `?force`. */
  readonly overwrite?: "always" | "never";
  /** Base of the absolute URLs in the index (`--chart-url`); they are relative without it. */
  readonly chartUrl?: string;
  /** index.yaml is JSON text (`--json-index`). */
  readonly jsonIndex?: boolean;
}

export class MuseumState {
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

  /** Adds a stored chart to the index after the lag. */
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

export function fileName({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}-${version}.tgz`;
}
