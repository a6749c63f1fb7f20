// Which deployers an environment may name in the config.

import { matchesRepository } from "./glob.ts";
import type { Deployer } from "./settings.ts";

export interface NamedEnvironment {
  /** `owner/name` of the config repository. */
  readonly repository: string;
  readonly environment: string;
}

/** Matches the deployer's `repositories`: globs of repositories, or of environments (`owner/name#environment`). */
export function mayBeNamedBy(
  { repositories }: Pick<Deployer, "repositories">,
  { repository, environment }: NamedEnvironment,
): boolean {
  return repositories.some((glob) =>
    matchesRepository([glob], glob.includes("#") ? `${repository}#${environment}` : repository),
  );
}
