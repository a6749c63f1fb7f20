// Whether an environment's folder holds an umbrella chart: without one nothing can be deployed from it.

import type { FolderAt } from "../model/github/merge.ts";
import { CHART_FILES } from "../model/umbrella.ts";

export function hasUmbrella(folder: FolderAt | undefined): boolean {
  return folder?.tree !== undefined && CHART_FILES.some((file) => folder.files.has(file));
}
