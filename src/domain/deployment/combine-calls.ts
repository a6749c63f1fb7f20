// What a deployment's calls add up to: its state, and the status that GitHub shows for it.

import type { DeployerCall, DeploymentState } from "../model/deployment.ts";
import { oneLine } from "../model/visible.ts";

export interface CombinedStatus {
  readonly state: DeploymentState;
  /** At most 140 characters. */
  readonly description: string;
  /** Address of a log, for people. */
  readonly log?: string;
  /** With `inactive`, where a later deployment goes out in its place. */
  readonly overtaken?: "contained" | "replaced";
}

/** A deployment status as GitHub takes it (https://docs.github.com/rest/deployments/statuses). */
export interface ReportedStatus {
  readonly state: "queued" | "pending" | "in_progress" | "success" | "failure" | "error" | "inactive";
  readonly description: string;
  readonly logUrl?: string;
}

/**
 * Ends when every call has ended: success when nobody failed, failure when a deployer said so, error when one could not
 * be called or did not tell. Calls that were skipped count for nothing.
 */
export function combineCalls(calls: readonly DeployerCall[]): CombinedStatus {
  const counted = calls.filter(({ state }) => state !== "skipped");
  const log = logOf(counted);
  return {
    state: stateOf(counted),
    description: shortened(toldOf(counted)),
    ...(log === undefined ? {} : { log }),
  };
}

/** What is known of each call, as long as it is. */
export function toldOf(calls: readonly DeployerCall[]): string {
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

/** The log of a call that failed, else of one still running, else of any. */
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
