// Whether an environment's folder holds an umbrella chart: without one nothing can be deployed from it.

import type { FolderAt } from "../model/github/merge.ts";

const MANIFESTS = ["Chart.yaml", "requirements.yaml"];

export function hasUmbrella(folder: FolderAt | undefined): boolean {
  return folder?.tree !== undefined && MANIFESTS.some((file) => folder.files.has(file));
}
