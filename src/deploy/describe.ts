// Every sentence about deployments that people read on GitHub, other than a deployer's own words.

import type { DeployerCall, Deployment } from "../model/deployment.ts";
import type { Overtaken } from "./decide.ts";

/** A comment to be written once: where one holds the marker already, there is nothing to do. */
export interface Comment {
  readonly marker: string;
  /** Markdown that contains the marker. */
  readonly body: string;
}

export function overtakenBy({ by, how }: Overtaken): string {
  const later = `${short(by.sha)} (#${by.pullRequest})`;
  return how === "contained" ? `Contained in ${later}` : `Replaced by ${later}, on another line of history`;
}

export function waitsFor({ sha, pullRequest }: Deployment): string {
  return `Waits until ${short(sha)} (#${pullRequest}) has ended`;
}

export function heldBack(until: Date | undefined, reason: string | undefined): string {
  if (until === undefined) return "Held back";
  const instant = `${until.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return reason === undefined ? `Held until ${instant}` : `Held until ${instant}: ${reason}`;
}

export const nobodyToCall = "Recorded: no deployer is configured for this environment";

/** Says who failed and how, that nothing was undone, and how to go back. Deployers' words stand in code spans only. */
export function failureComment(deployment: Deployment, calls: readonly DeployerCall[]): Comment {
  const marker = `<!-- chart-promoter:deployment-failed ${deployment.githubId ?? deployment.sha} -->`;
  const failed = calls.filter(({ state }) => state === "failed");
  return {
    marker,
    body: [
      marker,
      `Deploying ${code(short(deployment.sha))} to ${code(deployment.environment)} failed.`,
      "",
      ...failed.map(failureLine),
      "",
      `Nothing was undone. ${wayBack(deployment)}`,
    ].join("\n"),
  };
}

function failureLine({ deployer, problem, description, log }: DeployerCall): string {
  const said = problem?.message ?? description ?? "reported failure";
  const help = problem === undefined ? "" : ` ${code(problem.help)}`;
  const link = log === undefined ? undefined : linkTarget(log);
  return `* ${code(deployer)}: ${code(said)}${help}${link === undefined ? "" : ` ([log](<${link}>))`}`;
}

function wayBack({ promotions }: Deployment): string {
  if (promotions.length === 0) return "To go back, revert this pull request; merging a fix deploys as well.";
  const back = promotions.map(({ chart, from, to }) => code(`${chart} ${to} → ${from}`)).join(", ");
  return `Comment ${code("/rollback")} to open a pull request that goes back (${back}); merging a fix deploys as well.`;
}

function short(sha: string): string {
  return sha.slice(0, 7);
}

/** A code span, in which GitHub makes no mentions, links or HTML, fenced by more backticks than the text has in a row. */
function code(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** An http(s) address without credentials; `URL` has encoded what could end the link. */
function linkTarget(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  url.username = "";
  url.password = "";
  return url.href.replace(/[<>]/g, encodeURIComponent);
}
