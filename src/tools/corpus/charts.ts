// Finds the umbrella charts of a corpus: every folder with a Chart.yaml or a requirements.yaml.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "../../domain/model/umbrella.ts";
import { MANIFEST_FILES } from "../../domain/model/umbrella.ts";

export interface CorpusChart {
  /** Relative to the corpus folder. */
  readonly path: string;
  readonly files: Files;
}

/** Sorted by path. */
export async function corpusCharts(folder: string, below = ""): Promise<readonly CorpusChart[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const charts: CorpusChart[] = [];
  const files = new Map<string, string>();
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) charts.push(...(await corpusCharts(folder, path)));
    else if (MANIFEST_FILES.includes(entry.name))
      files.set(entry.name, await readFile(join(folder, path), "utf8"));
  }
  const isChart = files.has("Chart.yaml") || files.has("requirements.yaml");
  return isChart ? [{ path: below, files }, ...charts] : charts;
}
