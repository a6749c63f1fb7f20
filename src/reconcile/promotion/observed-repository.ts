// The context of planning and of carrying out one plan: observed state that fits the index.

import type { Config, Environment } from "../../domain/model/config/config.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository, Dependent } from "../../domain/model/github/repository.ts";
import type { Snapshot } from "../../domain/model/github/snapshot.ts";
import type { RequestedVersion } from "../../domain/plan/plan-environment.ts";
import type { UpstreamState } from "../../domain/plan/upstream.ts";
import type { Deps } from "../context.ts";
import type { PendingWork } from "../repository/index/pending-work.ts";
import type { Scope } from "../repository/scope.ts";

/** Observed state that fits the index: what to plan, and why. */
export interface ObservedRepository {
  readonly work: PendingWork;
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly scope: Scope;
  readonly observed: ObservedState;
  readonly dependents: readonly Dependent[];
  /** Environments that are not served, for how many charts the repository has. */
  readonly unserved?: ReadonlySet<string>;
  /**
   * Why branches could not be written in the rounds before, by branch: reading again may help once; what comes back the
   * same is a refusal.
   */
  readonly doubts: Map<string, string>;
  /** Numbers of withdrawn promotions whose hold was carried to what is in their place. */
  readonly carriedHolds: Set<number>;
  /** Environments in which nothing may be proposed now, and why. */
  readonly blocked?: ReadonlyMap<string, string>;
  /** A promotion branch that people want made anew from its base, whatever is on it at this head. */
  readonly rebase?: { readonly branch: string; readonly head: string };
  /** A version that people want, though it may have been declined. */
  readonly requestedVersion?: RequestedVersion;
}

/** One environment of it. */
export interface ObservedEnvironment {
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  readonly about: ObservedRepository;
  /** What the environment before says of the versions that move here; a rollback needs nobody's word. */
  readonly upstream: UpstreamState;
  readonly deps: Deps;
}
