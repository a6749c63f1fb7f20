// Where merges are looked at: one repository, by its config as it is now.

import type { Config } from "../../model/config.ts";
import type { ConfigRepository } from "../../model/repository.ts";
import type { World } from "../world.ts";

export interface MergeContext {
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly world: World;
}
