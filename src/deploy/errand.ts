// What a deployer is told of a deployment: the same fields for a Jenkins job's parameters and a webhook's JSON.

import type { Moved } from "../model/deployment.ts";

export interface Errand {
  /** `owner/name` of the config repository. */
  readonly repository: string;
  readonly environment: string;
  /** Folder of the umbrella chart, "" for the root. */
  readonly path: string;
  /** The merge commit. */
  readonly revision: string;
  readonly deploymentId: number;
  readonly promotions: readonly Moved[];
}

export type Fields = Readonly<
  Record<
    "REPOSITORY" | "ENVIRONMENT" | "PATH_IN_REPOSITORY" | "REVISION" | "DEPLOYMENT_ID" | "CHARTS",
    string
  >
>;

/** All texts. PATH_IN_REPOSITORY is `.` for the root, CHARTS is `name=version` joined by commas, in the order moved. */
export function fields(errand: Errand): Fields {
  return {
    REPOSITORY: errand.repository,
    ENVIRONMENT: errand.environment,
    PATH_IN_REPOSITORY: errand.path === "" ? "." : errand.path,
    REVISION: errand.revision,
    DEPLOYMENT_ID: String(errand.deploymentId),
    CHARTS: errand.promotions.map(({ chart, to }) => `${chart}=${to}`).join(","),
  };
}
