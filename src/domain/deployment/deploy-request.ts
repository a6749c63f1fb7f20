// The fields that a deployer receives for a deployment; the same for a Jenkins job's parameters and a webhook's JSON.

import type { Moved } from "../model/deployment.ts";

export interface DeployRequest {
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

export type DeployRequestFields = Readonly<
  Record<
    "REPOSITORY" | "ENVIRONMENT" | "PATH_IN_REPOSITORY" | "REVISION" | "DEPLOYMENT_ID" | "CHARTS",
    string
  >
>;

/**
 * All strings. PATH_IN_REPOSITORY is `.` for the root, CHARTS is `name=version` joined by commas, in the order moved.
 */
export function fieldsOf(request: DeployRequest): DeployRequestFields {
  return {
    REPOSITORY: request.repository,
    ENVIRONMENT: request.environment,
    PATH_IN_REPOSITORY: request.path === "" ? "." : request.path,
    REVISION: request.revision,
    DEPLOYMENT_ID: String(request.deploymentId),
    CHARTS: request.promotions.map(({ chart, to }) => `${chart}=${to}`).join(","),
  };
}
