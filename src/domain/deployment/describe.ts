// All texts about deployments on GitHub, except for the deployers' own messages.

import type { DeployerCall, Deployment } from "../model/deployment.ts";
import { EMERGENCY_LABEL } from "../model/github/guarded-labels.ts";
import { hiddenMarker } from "../model/github/hidden-marker.ts";
import { instantText, untilText } from "../model/instant.ts";
import { code, prose } from "../pull-request-body/markdown/escape.ts";
import type { Superseded } from "./next-deployment.ts";

/** A comment that is written once, unless one with the marker exists. */
export interface DeploymentComment {
  readonly marker: string;
  /** Markdown that contains the marker. */
  readonly body: string;
}

export function supersededBy({ by, how }: Superseded): string {
  const later = `${short(by.sha)} (#${by.pullRequest})`;
  return how === "contained" ? `Contained in ${later}` : `Replaced by ${later}, on another line of history`;
}

/** Description of a deployment whose commit was forced off the branch before any deployer was called. */
export function offBranch(branch: string): string {
  return `Not on branch ${branch} now, and so not deployed`;
}

/** Description of a waiting deployment whose environment left the config before any deployer was called. */
export function leftConfig(environment: string): string {
  return `Environment ${environment} is not in the config any more, and so not deployed`;
}

/** Written once under a merged pull request that was not deployed to an environment, as that had left the config. */
export function leftBehind(environment: string, at: Date): DeploymentComment {
  const marker = hiddenMarker(`left-behind ${environment}`);
  const why = `when its turn came, at ${instantText(at)}, \`.github/chart-promoter.yml\` had no such environment any more`;
  const wayBack = "To deploy it, put the environment back and merge a change to its folder.";
  return {
    marker,
    body: `${marker}\nThis merge was not deployed to ${code(environment)}: ${why}. ${wayBack}`,
  };
}

/** "xposer 1.0.0 → 1.1.0 (#12)", or which deployment it repeats; at most 140 characters, GitHub's limit. */
export function whatItBrings({
  promotions,
  pullRequest,
  repeats,
  sha,
}: Pick<Deployment, "promotions" | "pullRequest" | "repeats" | "sha">): string {
  if (repeats) {
    const what = repeats.task === "heal" ? "Heals" : "Repeats";
    return `${what} deployment ${repeats.of}: ${short(sha)} (#${pullRequest}) once more`;
  }
  const moves = promotions.map(({ chart, from, to }) =>
    [chart, from, from !== "" && to !== "" ? "→" : "", to === "" ? "removed" : to].filter(Boolean).join(" "),
  );
  const end = `(#${pullRequest})`;
  const whole = `${moves.join(", ")} ${end}`.trim();
  return whole.length <= LONGEST ? whole : `${promotions.length} charts ${end}`;
}

/** Maximum length of a description on GitHub, in characters. */
const LONGEST = 140;

export function waitsFor({ sha, pullRequest }: Deployment): string {
  return `${WAITS} ${short(sha)} (#${pullRequest}) has ended`;
}

/** Whether a description is one of `waitsFor`. */
export function saysWaiting(description: string): boolean {
  return description.startsWith(WAITS);
}

const WAITS = "Waits until";

/** The emergency label releases a merge, never a repeated deployment. */
export function heldBack(
  { heldUntil: until, repeats }: Pick<Deployment, "heldUntil" | "repeats">,
  reason: string | undefined,
): string {
  if (until === undefined) return reason === undefined ? "Held back" : `Held back: ${reason}`;
  const held = `Held until ${untilText(until)}${repeats ? "" : `, or until the label ${EMERGENCY_LABEL} is put on`}`;
  return reason === undefined ? held : `${held}: ${reason}`;
}

export const nobodyToCall = "Recorded: no deployer is configured for this environment";

/** Who failed and how, that nothing was undone, and how to roll back. Deployers' messages are escaped. */
export function failureComment(deployment: Deployment, calls: readonly DeployerCall[]): DeploymentComment {
  const marker = failureMarker(deployment);
  const failed = calls.filter(({ state }) => state === "failed");
  return {
    marker,
    body: [
      marker,
      `${whatWasDone(deployment)} failed.`,
      "",
      ...failed.map(failureLine),
      "",
      `Nothing was undone. ${wayBack(deployment)}`,
    ].join("\n"),
  };
}

/** For an adopted deployment whose environment is not in the config any more. */
export const UNKNOWN_END =
  "Its environment left the config: how it ends is known only if its deployer reports";

/**
 * Written instead of the failure comment: it is unknown whether it failed. Names the time, since its deployer may
 * report at any time.
 */
export function unknownEnd(deployment: Deployment): DeploymentComment {
  const marker = failureMarker(deployment);
  const { environment } = deployment;
  return {
    marker,
    body: [
      marker,
      `As of ${instantText(deployment.changedAt)}, how ${whatWasDone(deployment, "deploying")} ends is not known: the environment is no longer configured, and the server's database was lost since, so that nobody can be asked.`,
      "",
      `What its deployer reports is still taken. To deploy ${code(environment)}, put it back into \`.github/chart-promoter.yml\` and merge a change to it.`,
    ].join("\n"),
  };
}

/** Replaces the failure comment once a later deployment, or the same one by a later report, has succeeded. */
export function overcomeComment(
  failed: Deployment,
  { by, at }: { readonly by: Deployment; readonly at: Date },
): DeploymentComment {
  const marker = failureMarker(failed);
  const what =
    failed.description === UNKNOWN_END
      ? `How ${whatWasDone(failed, "deploying")} ends was not known at first.`
      : `${whatWasDone(failed)} failed at first.`;
  const since = instantText(at);
  const how =
    by.githubId === failed.githubId
      ? `Its deployer reported success at ${since}.`
      : by.sha === failed.sha
        ? `It was deployed again at ${since}.`
        : `${code(short(by.sha))} (#${by.pullRequest}), which contains it, was deployed at ${since}.`;
  return { marker, body: `${marker}\n${what} ${how}` };
}

/** A repeat is described with "again": its commit may already be deployed. */
function whatWasDone({ sha, environment, repeats }: Deployment, deploying = "Deploying"): string {
  return `${deploying} ${code(short(sha))} to ${code(environment)}${repeats ? " again" : ""}`;
}

function failureMarker({ githubId, sha }: Deployment): string {
  return hiddenMarker(`deployment-failed ${githubId ?? sha}`);
}

function failureLine({ deployer, problem, description, log }: DeployerCall): string {
  const reason = problem?.message ?? description ?? "reported failure";
  const help = problem === undefined ? "" : ` ${prose(problem.help)}`;
  const link = log === undefined ? undefined : linkTarget(log);
  return `* ${code(deployer)}: ${prose(sentence(reason))}${help}${link === undefined ? "" : ` ([log](<${link}>))`}`;
}

/** Ends a deployer's message with a full stop if it has no end. */
function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

function wayBack({ promotions }: Deployment): string {
  if (promotions.length === 0) return "To go back, revert this pull request; merging a fix deploys as well.";
  const back = promotions.map(({ chart, from, to }) => code(`${chart} ${to} → ${from}`)).join(", ");
  return `Comment ${code("/rollback")} to open a pull request that goes back (${back}); merging a fix deploys as well.`;
}

function short(sha: string): string {
  return sha.slice(0, 7);
}

/** An http(s) URL without credentials; `URL` has encoded all characters that could end the link. */
function linkTarget(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  url.username = "";
  url.password = "";
  return url.href.replace(/[<>]/g, encodeURIComponent);
}
