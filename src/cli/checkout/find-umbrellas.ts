// Finds the umbrella charts of a checkout: folders whose Chart.yaml or requirements.yaml lists dependencies, as Helm
// reads them.

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CHART_FILES } from "../../domain/model/umbrella.ts";
import { chartFolders, judgeChartFolder, NEVER_SEARCHED } from "../../domain/onboarding/chart-folders.ts";
import { readFolder } from "./chart-folder.ts";

export interface FoundUmbrellas {
  /** Relative to the checkout, "" for its root, sorted by name. */
  readonly folders: readonly string[];
  /** Folders with a manifest that Helm could not load, or that a config cannot name. */
  readonly leftOut: readonly { readonly folder: string; readonly because: string }[];
}

export async function findUmbrellas(root: string): Promise<FoundUmbrellas> {
  const folders: string[] = [];
  const leftOut: FoundUmbrellas["leftOut"][number][] = [];
  for (const folder of chartFolders(await manifestsBelow(root))) {
    const read = await readFolder(join(root, folder), CHART_FILES);
    const judged = read.ok ? judgeChartFolder(folder, read.value.files) : undefined;
    if (!read.ok) leftOut.push({ folder, because: read.problems[0]?.message ?? "it cannot be read." });
    else if (judged?.kind === "umbrella") folders.push(folder);
    else if (judged?.kind === "left-out") leftOut.push({ folder, because: judged.because });
  }
  return { folders, leftOut };
}

/** Paths, relative to the checkout, of all files that may be a chart's manifest. */
async function manifestsBelow(root: string, below = ""): Promise<readonly string[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const here = entries.filter(({ name }) => CHART_FILES.includes(name));
  const inner = entries.filter((entry) => entry.isDirectory() && !NEVER_SEARCHED.includes(entry.name));
  const found = here.map(({ name }) => inFolder(below, name));
  for (const { name } of inner) found.push(...(await manifestsBelow(root, inFolder(below, name))));
  return found;
}

function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
