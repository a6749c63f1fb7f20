// What deploying needs from outside: the record of deployments, GitHub, the deployers and a clock.

import type { DeployerCall, Deployment, Moved } from "../model/deployment.ts";
import type { Deployer } from "../model/settings.ts";
import type { FinalState, Status } from "./combine.ts";
import type { Containment, KnownDeployment } from "./decide.ts";
import type { Comment } from "./describe.ts";
import type { Exchange } from "./exchange.ts";
import type { Patience } from "./patience.ts";

export interface EnvironmentKey {
  readonly repositoryId: number;
  readonly environment: string;
}

/** How an environment is configured now. */
export interface Site {
  /** `owner/name`. */
  readonly repository: string;
  /** Folder of the umbrella chart, "" for the root. */
  readonly path: string;
  /** The freeze that holds back at this moment what was merged in it. */
  readonly frozen?: { readonly until: Date; readonly reason: string };
}

export interface Settlement {
  readonly deployment: KnownDeployment;
  readonly state: FinalState;
  /** Of an `inactive` one. */
  readonly overtaken?: Deployment["overtaken"];
  /** After a success: the versions that are out now, those of contained merges included; else empty. */
  readonly delivered: readonly Moved[];
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
  readonly statuses: { set(deployment: KnownDeployment, status: Status): Promise<void> };
  /** Writes the comment on the deployment's pull request, unless one with its marker is there. */
  readonly comments: { ensure(deployment: KnownDeployment, comment: Comment): Promise<void> };
  readonly sites: { find(key: EnvironmentKey): Promise<Site | undefined> };
  /** Told at least once of every deployment that ended, before the end is recorded. */
  readonly settlements: { tell(settlement: Settlement): Promise<void> };
  /** By name. */
  readonly deployers: ReadonlyMap<string, Deployer>;
  readonly exchange: Exchange;
  readonly patience: Patience;
  now(): Date;
}
