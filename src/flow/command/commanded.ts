// A command as it is run, and how it ends.

import type { Config } from "../../model/config.ts";
import type { HeadAnswer } from "../../model/head.ts";
import type { ConfigRepository, Dependent, RepositoryIndex } from "../../model/repository.ts";
import type { World } from "../world.ts";

/** A command on its pull request. */
export interface Commanded {
  readonly head: HeadAnswer;
  readonly login: string;
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly index: RepositoryIndex;
  readonly dependents: readonly Dependent[];
  readonly world: World;
}

/** How a command ended, and what has to be said about it beyond the reaction. */
export type Reply =
  | { readonly kind: "done"; readonly says?: string }
  /** `says`: of what was done all the same. */
  | {
      readonly kind: "refused";
      readonly because: string;
      readonly help: string;
      readonly says?: string;
    };
