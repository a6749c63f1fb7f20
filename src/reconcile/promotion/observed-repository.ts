// The context of planning and of applying one plan: observed state that matches the index.

import type { Config, Environment } from "../../domain/model/config/config.ts";
import type { ObservedState } from "../../domain/model/github/observed-state.ts";
import type { ConfigRepository, Dependent } from "../../domain/model/github/repository.ts";
import type { Snapshot } from "../../domain/model/github/snapshot.ts";
import type { RequestedVersion } from "../../domain/plan/plan-environment.ts";
import type { UpstreamState } from "../../domain/plan/upstream.ts";
import type { Deps } from "../context.ts";
import type { PendingWork } from "../repository/index/pending-work.ts";
import type { Scope } from "../repository/scope.ts";

/** Observed state that matches the index; what to plan, and why. */
export interface ObservedRepository {
  readonly work: PendingWork;
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly scope: Scope;
  readonly observed: ObservedState;
  readonly dependents: readonly Dependent[];
  /** Environments that are not served because the repository has too many charts. */
  readonly unserved?: ReadonlySet<string>;
  /**
   * By branch, why writing it failed in earlier rounds of this run. A failure is read again once; the same failure
   * twice is a refusal.
   */
  readonly doubts: Map<string, string>;
  /** Numbers of withdrawn promotions whose hold was carried over to their replacements. */
  readonly carriedHolds: Set<number>;
  /** Environments in which nothing may be proposed now, with the reason. */
  readonly blocked?: ReadonlyMap<string, string>;
  /** A promotion branch that /rebase rebuilds from its base, overwriting everything up to this head. */
  readonly rebase?: { readonly branch: string; readonly head: string };
  /** A version requested by /promote, even if it was declined before. */
  readonly requestedVersion?: RequestedVersion;
}

/** One environment of it. */
export interface ObservedEnvironment {
  readonly environment: Environment;
  readonly snapshot: Snapshot;
  readonly about: ObservedRepository;
  /** The upstream environment's state for the versions that move here; a rollback does not depend on it. */
  readonly upstream: UpstreamState;
  readonly deps: Deps;
}
