// Which branch a promotion lives on. One open pull request per branch, so the name is the identity.

import type { Environment } from "../model/config/config.ts";

const PREFIX = "promote/";

/** `promote/<environment>/<chart>`, or `promote/<environment>/all` when the environment asks for one pull request. */
export function branchOf(
  { name, pullRequests }: Pick<Environment, "name" | "pullRequests">,
  chart: string,
): string {
  return `${PREFIX}${name}/${pullRequests === "environment" ? "all" : chart}`;
}

/** Whether a branch is one of this environment's. */
export function isPromotionOf(environment: string, branch: string): boolean {
  return branch.startsWith(`${PREFIX}${environment}/`);
}

/** Whether a branch is one that promotions live on. */
export function isPromotionBranch(branch: string): boolean {
  return branch.startsWith(PREFIX);
}

/** What a promotion branch's name says; an environment's name holds no slash. */
export function placeOfBranch(branch: string): { readonly environment: string; readonly chart: string } {
  const [environment = "", ...chart] = branch.slice(PREFIX.length).split("/");
  return { environment, chart: chart.join("/") };
}
