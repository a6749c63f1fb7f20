// The branch of a promotion. One open pull request per branch, so the name is the identity.

import type { Environment } from "../model/config/config.ts";

const PREFIX = "promote/";

/** `promote/<environment>/<chart>`, or `promote/<environment>/all` when the environment asks for one pull request. */
export function branchOf(
  { name, pullRequests }: Pick<Environment, "name" | "pullRequests">,
  chart: string,
): string {
  return `${PREFIX}${name}/${pullRequests === "environment" ? "all" : chart}`;
}

/** Whether the branch is a promotion branch of this environment. */
export function isPromotionOf(environment: string, branch: string): boolean {
  return branch.startsWith(`${PREFIX}${environment}/`);
}

/** Whether the name is that of a promotion branch. */
export function isPromotionBranch(branch: string): boolean {
  return branch.startsWith(PREFIX);
}

/** The parts of a promotion branch's name; environment names contain no slash. */
export function placeOfBranch(branch: string): { readonly environment: string; readonly chart: string } {
  const [environment = "", ...chart] = branch.slice(PREFIX.length).split("/");
  return { environment, chart: chart.join("/") };
}
