// What deploying needs from outside: the record of deployments, GitHub, the deployers and a clock.

import type { FinalState, ReportedStatus } from "../../domain/deployment/combine-calls.ts";
import type { DeploymentComment } from "../../domain/deployment/describe.ts";
import type { DeploymentHold } from "../../domain/deployment/hold.ts";
import type { Containment, KnownDeployment } from "../../domain/deployment/next-deployment.ts";
import type { DeployerTimeouts } from "../../domain/deployment/timeouts.ts";
import type { EnvironmentKey } from "../../domain/model/config/config.ts";
import type { DeployerCall, Deployment, Moved } from "../../domain/model/deployment.ts";
import type { Deployers } from "../ports/deployers.ts";

/** How an environment is configured now. */
export interface DeployTarget {
  /** `owner/name`. */
  readonly repository: string;
  /** Folder of the umbrella chart, "" for the root. */
  readonly path: string;
  /** Those that the config names for the environment now. */
  readonly deployers?: readonly string[];
  /** What keeps deployments back at this moment. */
  readonly hold?: Omit<DeploymentHold, "by">;
}

/** Why an environment is not configured now: the config does not have it, or there is none that can be read. */
export interface NoTarget {
  /** `owner/name`. */
  readonly repository: string;
  readonly missing: "environment" | "config";
}

export interface DeploymentResult {
  readonly deployment: KnownDeployment;
  readonly state: FinalState;
  /** Of an `inactive` one. */
  readonly overtaken?: Deployment["overtaken"];
  /** After a success: the versions that are out now, those of contained merges included; else empty. */
  readonly deployed: readonly Moved[];
}

export interface DeployPorts {
  readonly deployments: {
    /** Newest first. */
    ofEnvironment(repositoryId: number, environment: string, limit: number): Promise<readonly Deployment[]>;
    plan(githubId: number, deployers: readonly string[]): Promise<void>;
    calls(githubId: number): Promise<readonly DeployerCall[]>;
    /** False when the call is not as it is known any more, as a report came in: then nothing was changed. */
    replaceCall(known: DeployerCall, next: DeployerCall): Promise<boolean>;
    update(
      githubId: number,
      change: Partial<
        Pick<Deployment, "state" | "description" | "log" | "heldUntil" | "overtaken" | "changedAt">
      >,
    ): Promise<void>;
  };
  readonly commits: {
    /** For each of these commits, those of the others that it contains; asked for two or more only. */
    containment(repositoryId: number, shas: readonly string[]): Promise<Containment>;
  };
  readonly statuses: { set(deployment: KnownDeployment, status: ReportedStatus): Promise<void> };
  /** On the deployment's pull request; `ensure` writes unless one with its marker is there. */
  readonly comments: {
    ensure(deployment: KnownDeployment, comment: DeploymentComment): Promise<void>;
    /** Gives the comment with this marker another text; does nothing where there is none. */
    replace(deployment: KnownDeployment, comment: DeploymentComment): Promise<void>;
  };
  readonly targets: { find(key: EnvironmentKey): Promise<DeployTarget | NoTarget> };
  /** Called at least once for every deployment that ended, before the end is recorded. */
  readonly results: { record(settlement: DeploymentResult): Promise<void> };
  readonly deployers: Deployers;
  readonly timeouts: DeployerTimeouts;
  now(): Date;
}
