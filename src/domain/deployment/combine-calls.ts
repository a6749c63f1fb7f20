// Combines a deployment's calls into its state and the status that GitHub shows.

import type { DeployerCall, DeploymentState } from "../model/deployment.ts";
import { oneLine } from "../model/visible.ts";

export interface CombinedStatus {
  readonly state: DeploymentState;
  /** At most 140 characters. */
  readonly description: string;
  /** URL of a log, for people. */
  readonly log?: string;
  /** With `inactive`: how a later deployment superseded it. */
  readonly overtaken?: "contained" | "replaced";
}

/** A deployment status for GitHub's API (https://docs.github.com/rest/deployments/statuses). */
export interface ReportedStatus {
  readonly state: "queued" | "pending" | "in_progress" | "success" | "failure" | "error" | "inactive";
  readonly description: string;
  readonly logUrl?: string;
}

/**
 * Ends when every call has ended: `success` if none failed, `failure` if a deployer reported one, `error` if a deployer
 * could not be called or did not report. Skipped calls do not count.
 */
export function combineCalls(calls: readonly DeployerCall[]): CombinedStatus {
  const counted = calls.filter(({ state }) => state !== "skipped");
  const log = logOf(counted);
  return {
    state: stateOf(counted),
    description: shortened(statesOf(counted)),
    ...(log === undefined ? {} : { log }),
  };
}

/** The known state of each call, in full length. */
export function statesOf(calls: readonly DeployerCall[]): string {
  return calls
    .filter(({ state }) => state !== "skipped")
    .map(phrase)
    .join("; ");
}

export function statusOf({ state, description, log }: CombinedStatus): ReportedStatus {
  return {
    state: state === "held" || state === "creating" ? "pending" : state,
    description: shortened(description),
    ...(log === undefined ? {} : { logUrl: log }),
  };
}

export type FinalState = "success" | "failure" | "error" | "inactive";

export function isFinal(state: DeploymentState): state is FinalState {
  return state === "success" || state === "failure" || state === "error" || state === "inactive";
}

function stateOf(calls: readonly DeployerCall[]): DeploymentState {
  if (calls.length === 0) return "inactive";
  if (calls.every(({ state }) => state === "done" || state === "failed")) return endOf(calls);
  const underWay = calls.some(({ state }) => state === "running" || state === "done" || state === "failed");
  return underWay ? "in_progress" : "queued";
}

function endOf(calls: readonly DeployerCall[]): DeploymentState {
  const failed = calls.filter(({ state }) => state === "failed");
  if (failed.length === 0) return "success";
  return failed.some(({ problem }) => problem === undefined) ? "failure" : "error";
}

/** The log of a failed call, else of a running one, else of any. */
function logOf(calls: readonly DeployerCall[]): string | undefined {
  const logged = calls.filter(({ log }) => log !== undefined);
  const telling =
    logged.find(({ state }) => state === "failed") ??
    logged.find(({ state }) => state === "running") ??
    logged[0];
  return telling?.log;
}

function phrase({ deployer, state, problem, description }: DeployerCall): string {
  switch (state) {
    case "waiting":
      return `${deployer}: ${problem?.message ?? "to be called"}`;
    case "called":
      return `${deployer}: ${problem?.message ?? description ?? "called"}`;
    case "running":
      return `${deployer}: ${problem?.message ?? description ?? "running"}`;
    case "done":
      return `${deployer}: ${description ?? "succeeded"}`;
    case "failed":
      return `${deployer}: ${problem?.message ?? description ?? "failed"}`;
    case "skipped":
      return `${deployer}: not called`;
  }
}

/** GitHub counts characters, not UTF-16 units. */
function shortened(text: string): string {
  const characters = Array.from(oneLine(text));
  return characters.length <= 140 ? characters.join("") : `${characters.slice(0, 139).join("")}…`;
}
