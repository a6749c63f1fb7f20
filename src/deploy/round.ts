// One look at one environment: what it is about, and a deployment after its calls took a step each.

import type { Candidate } from "./decide.ts";
import type { DeployPorts, EnvironmentKey, Site } from "./ports.ts";

export interface Round {
  readonly key: EnvironmentKey;
  readonly ports: DeployPorts;
  readonly now: Date;
  /** Absent when the environment is no longer configured. */
  readonly site: Site | undefined;
}

export interface Stepped extends Candidate {
  /** When its calls are to take their next steps. */
  readonly again: readonly Date[];
}

/** One after the other: a deployer is never asked two things at once. */
export async function inTurn<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
