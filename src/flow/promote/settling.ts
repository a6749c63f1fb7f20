// What is carried along from a look whose answer fits the index to the carrying out of one plan.

import type { Config, Environment } from "../../model/config.ts";
import type { LookAnswer } from "../../model/look.ts";
import type { ConfigRepository, Dependent } from "../../model/repository.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import type { Agenda } from "../look/agenda.ts";
import type { Scope } from "../look/scope.ts";
import type { Upstream } from "../upstream/upstream.ts";
import type { World } from "../world.ts";

/** A look whose answer fits the index: what to plan, and on which ground. */
export interface Promoting {
  readonly agenda: Agenda;
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly scope: Scope;
  readonly answer: LookAnswer;
  readonly dependents: readonly Dependent[];
  /** A promotion branch that people want made anew from its base, whatever is on it. */
  readonly rebase?: string;
  /** A version that people want, though it may have been declined. */
  readonly insisted?: { readonly chart: string; readonly version: string };
}

/** One environment of it. */
export interface Settling {
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  readonly about: Promoting;
  /** What the environment before says of the versions that move here; a rollback needs nobody's word. */
  readonly upstream?: Pick<Upstream, "satisfied">;
  readonly world: World;
}
