// What deploying needs from outside: the record of deployments, GitHub, the deployers and a clock.

import type { FinalState, ReportedStatus } from "../../domain/deployment/combine-calls.ts";
import type { DeploymentComment } from "../../domain/deployment/describe.ts";
import type { DeploymentHold } from "../../domain/deployment/hold.ts";
import type { Containment, KnownDeployment } from "../../domain/deployment/next-deployment.ts";
import type { DeployerTimeouts } from "../../domain/deployment/timeouts.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DeployerCall, Deployment, Moved } from "../../domain/model/deployment.ts";
import type { Deployers } from "../ports/deployers.ts";

/** The current config of an environment. */
export interface DeployTarget {
  /** `owner/name`. */
  readonly repository: string;
  /** Folder of the umbrella chart, "" for the root. */
  readonly path: string;
  /** Its branch, without `refs/heads/`. */
  readonly branch: string;
  /** The deployers that the config names for the environment now. */
  readonly deployers?: readonly string[];
  /** What holds deployments at this moment: freeze, window or pause. */
  readonly hold?: Omit<DeploymentHold, "by">;
}

/** Why an environment has no current config: it was removed, or the config cannot be read. */
export interface NoTarget {
  /** `owner/name`. */
  readonly repository: string;
  readonly missing: "environment" | "config";
}

export interface DeploymentResult {
  readonly deployment: KnownDeployment;
  readonly state: FinalState;
  /** Why an `inactive` deployment was superseded. */
  readonly overtaken?: Deployment["overtaken"];
  /** After a success: the versions that are deployed now, including those of contained merges; otherwise empty. */
  readonly deployed: readonly Moved[];
}

export interface DeployPorts {
  readonly deployments: {
    /** Newest first. */
    ofEnvironment(repositoryId: number, environment: string, limit: number): Promise<readonly Deployment[]>;
    plan(githubId: number, deployers: readonly string[]): Promise<void>;
    calls(githubId: number): Promise<readonly DeployerCall[]>;
    /** Compare-and-swap: false, and nothing changed, when a report has changed the call since `known` was read. */
    replaceCall(known: DeployerCall, next: DeployerCall): Promise<boolean>;
    update(
      githubId: number,
      change: Partial<
        Pick<Deployment, "state" | "description" | "log" | "heldUntil" | "overtaken" | "changedAt">
      >,
    ): Promise<void>;
  };
  readonly commits: {
    /** For each of these commits, the other ones that it contains. Called with at least two. */
    containment(repositoryId: number, shas: readonly string[]): Promise<Containment>;
    isOn(repositoryId: number, where: { readonly branch: string; readonly sha: string }): Promise<boolean>;
  };
  readonly statuses: { set(deployment: KnownDeployment, status: ReportedStatus): Promise<void> };
  /** Comments on the deployment's pull request; `ensure` does nothing when one with the marker exists. */
  readonly comments: {
    ensure(deployment: KnownDeployment, comment: DeploymentComment): Promise<void>;
    /** Replaces the text of the comment with this marker; does nothing when there is none. */
    replace(deployment: KnownDeployment, comment: DeploymentComment): Promise<void>;
  };
  readonly targets: { find(key: EnvironmentKey): Promise<DeployTarget | NoTarget> };
  /** Called at least once for every deployment that ended, before its final state is recorded. */
  readonly results: { record(settlement: DeploymentResult): Promise<void> };
  readonly deployers: Deployers;
  readonly timeouts: DeployerTimeouts;
  now(): Date;
}
