// Where merges are reconciled: one repository, by its config as it is now.

import type { Config } from "../../domain/model/config/config.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";

export interface MergeContext {
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly deps: Deps;
}
