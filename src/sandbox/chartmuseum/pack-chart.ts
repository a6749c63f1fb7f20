// Packs a chart as `helm package` does, without Helm and reproducibly.

import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { type TarEntry, tar } from "./tar.ts";

export interface ChartToPack {
  readonly name: string;
  readonly version: string;
  readonly apiVersion?: "v1" | "v2";
  readonly appVersion?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly annotations?: { readonly [key: string]: string };
  readonly dependencies?: readonly {
    readonly name: string;
    readonly version: string;
    readonly repository: string;
    readonly alias?: string;
  }[];
  /** Text of values.yaml; a small default when absent. */
  readonly values?: string;
  /** Further files by path below the chart's folder; `Chart.yaml` here replaces the one made from the fields above. */
  readonly files?: { readonly [path: string]: string | Uint8Array };
}

/** A .tgz with Chart.yaml first, then values.yaml, then the other files in the order given. */
export function packChart(chart: ChartToPack): Buffer {
  const files = {
    "Chart.yaml": chartYaml(chart),
    "values.yaml": chart.values ?? "replicas: 1\n",
    ...chart.files,
  };
  return packEntries(Object.entries(files).map(([path, data]) => ({ path: `${chart.name}/${path}`, data })));
}

/** A .tgz of any tar entries, for archives that no packer would write. */
export function packEntries(entries: readonly TarEntry[]): Buffer {
  return gzipSync(tar(entries));
}

function chartYaml({ values: _values, files: _files, apiVersion = "v2", ...metadata }: ChartToPack): string {
  return stringify({ apiVersion, ...metadata });
}
