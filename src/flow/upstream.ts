// `after` and `soak`: which versions have been deployed in the environment before this one, and for how long.

import type { Environment } from "../model/config.ts";
import type { Deployment } from "../model/deployment.ts";
import type { ConfigRepository } from "../model/repository.ts";
import type { World } from "./world.ts";

export interface Upstream {
  /** Why a version has to wait here; `undefined` when it need not. */
  readonly waits: (chart: string, version: string) => string | undefined;
  /** When versions that were found to be soaking will have soaked. */
  readonly again: () => readonly Date[];
}

/** How many deployments of the environment before are considered. */
const CONSIDERED = 500;

export async function upstreamOf(
  environment: Environment,
  repository: ConfigRepository,
  world: World,
): Promise<Upstream> {
  const { after, soakMs } = environment;
  if (!after) return { waits: () => undefined, again: () => [] };
  const { repositories, deployments } = world.store;
  const other = after.repository
    ? await repositories.findByName(after.repository.owner, after.repository.name)
    : repository;
  const past = other ? await deployments.ofEnvironment(other.id, after.environment, CONSIDERED) : [];
  const now = world.clock();
  const soaking: Date[] = [];
  const waits = (chart: string, version: string): string | undefined => {
    const since = deployedSince(past, chart, version);
    if (!since) return `waits until ${version} is deployed in ${after.environment}`;
    const until = new Date(since.getTime() + soakMs);
    if (until <= now) return undefined;
    soaking.push(until);
    return `waits until ${until.toISOString()}: ${version} soaks in ${after.environment}`;
  };
  return { waits, again: () => soaking };
}

/** Since when a version has been there; a merge counts at once where no deployer is to be called. */
function deployedSince(past: readonly Deployment[], chart: string, version: string): Date | undefined {
  const dates = past.flatMap(({ promotions, deployers, state, createdAt, changedAt }) => {
    if (!promotions.some((moved) => moved.chart === chart && moved.to === version)) return [];
    if (deployers.length === 0) return [createdAt];
    return state === "success" ? [changedAt] : [];
  });
  return dates.sort((a, b) => a.getTime() - b.getTime())[0];
}
