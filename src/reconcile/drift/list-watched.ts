// What a deployer should check for drift now, so that a periodic job needs no state of its own.

import { mayBeNamedBy } from "../../domain/model/config/deployer.ts";
import type { Deployer } from "../../domain/model/config/settings.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";
import { deployedSoFar } from "./observe-drift.ts";

export interface WatchedEnvironment {
  /** `owner/name`. */
  readonly repository: string;
  readonly environment: string;
  /** As in PATH_IN_REPOSITORY: `.` for the root. */
  readonly path: string;
  /** GitHub's id of the last successful deployment. */
  readonly deployment: number;
  readonly revision: string;
  /** A duration such as `15m`. */
  readonly every: string;
  readonly ignore: readonly string[];
}

/** Leaves out environments that this deployer has never deployed to. */
export async function listWatched(
  deployer: Pick<Deployer, "name" | "repositories">,
  deps: Pick<Deps, "store">,
): Promise<readonly WatchedEnvironment[]> {
  const { repositories } = deps.store;
  const found: WatchedEnvironment[] = [];
  for (const { repository: known, index } of await repositories.withKey("drift")) {
    const repository = nameWithOwner(known);
    const environments = known.archived ? [] : (index.config?.environments ?? []);
    for (const { name: environment, path, deploy, drift } of environments) {
      if (!drift || !deploy.includes(deployer.name)) continue;
      if (!mayBeNamedBy(deployer, { repository, environment })) continue;
      const { succeeded } = await deployedSoFar({ repositoryId: known.id, environment }, deps);
      if (!succeeded?.deployers.includes(deployer.name)) continue;
      const { githubId: deployment, sha: revision } = succeeded;
      const { every, ignore } = drift;
      found.push({ repository, environment, path: path || ".", deployment, revision, every, ignore });
    }
  }
  return found;
}
