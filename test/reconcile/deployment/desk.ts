// A place to deploy from: the ports in memory, a clock that only moves when told, and everything that was said kept.

import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { deployersOf } from "../../../src/adapters/deployers/call-deployer.ts";
import { httpClientWithin } from "../../../src/adapters/deployers/http-client.ts";
import type { ReportedStatus } from "../../../src/domain/deployment/combine-calls.ts";
import type { DeploymentComment } from "../../../src/domain/deployment/describe.ts";
import type { Containment, KnownDeployment } from "../../../src/domain/deployment/next-deployment.ts";
import { DEPLOYER_TIMEOUTS, type DeployerTimeouts } from "../../../src/domain/deployment/timeouts.ts";
import type { Deployer } from "../../../src/domain/model/config/settings.ts";
import type { DeployerCall, Deployment } from "../../../src/domain/model/deployment.ts";
import type { Result } from "../../../src/domain/model/problem.ts";
import { advanceDeployments } from "../../../src/reconcile/deployment/deploy.ts";
import type { DeploymentResult, DeployPorts, DeployTarget } from "../../../src/reconcile/deployment/ports.ts";
import { type Report, recordReport } from "../../../src/reconcile/deployment/report.ts";

export const key = { repositoryId: 7, environment: "dev" };
export const start = new Date("2026-11-25T10:00:00Z");

export interface Merge {
  readonly githubId: number;
  /** Place on the branch: a later commit contains every earlier one. */
  readonly position: number;
  readonly state?: Deployment["state"];
  readonly heldUntil?: Date;
  readonly emergency?: true;
  readonly deployers?: readonly string[];
  readonly promotions?: Deployment["promotions"];
  readonly repeats?: Deployment["repeats"];
}

export function shaAt(position: number): string {
  return String(position).padStart(40, "a");
}

export function positionOf(sha: string): number {
  return Number.parseInt(sha.replace(/^a+/, ""), 10);
}

/** Containment of commits on one line of history, whose places are in their ids. */
export function linear(shas: readonly string[]): Containment {
  const positions = shas.map((sha) => [sha, positionOf(sha)] as const);
  return new Map(
    positions.map(([sha, position]) => [
      sha,
      new Set(positions.filter(([, other]) => other < position).map(([other]) => other)),
    ]),
  );
}

export class Desk {
  now = start;
  site: DeployTarget | undefined = { repository: "acme/config", branch: "main", path: "dev" };
  patience: DeployerTimeouts = { ...DEPLOYER_TIMEOUTS };
  readonly statuses: (ReportedStatus & { readonly id: number })[] = [];
  readonly comments: DeploymentComment[] = [];
  readonly results: DeploymentResult[] = [];
  readonly saved: DeployerCall[] = [];
  /** What happens between the reading of a call and the writing of what it becomes. */
  beforeReplacing: () => Promise<void> = async () => undefined;
  readonly #deployments: Deployment[] = [];
  readonly #calls: DeployerCall[] = [];
  /** As server.yaml has them now. */
  deployers: readonly Deployer[];
  readonly #requestMs: number;

  constructor(deployers: readonly Deployer[], requestMs = 2000) {
    this.deployers = deployers;
    this.#requestMs = requestMs;
  }

  merge(merge: Merge): void {
    const { githubId, position, state = "queued", heldUntil, deployers, promotions } = merge;
    this.#deployments.unshift({
      ...key,
      githubId,
      sha: shaAt(position),
      pullRequest: githubId + 100,
      state,
      promotions: promotions ?? [{ chart: "xposer", from: "1.0.0", to: `1.0.${position}` }],
      deployers: deployers ?? this.deployers.map(({ name }) => name),
      createdAt: this.now,
      changedAt: this.now,
      ...(heldUntil === undefined ? {} : { heldUntil }),
      ...(merge.emergency && { emergency: true }),
      ...(merge.repeats && { repeats: merge.repeats }),
    });
  }

  get ports(): DeployPorts {
    return {
      deployments: {
        ofEnvironment: async () => this.#deployments,
        plan: async (id, names) => {
          for (const deployer of names)
            if (!this.#calls.some((one) => one.deploymentId === id && one.deployer === deployer))
              this.#calls.push({ deploymentId: id, deployer, state: "waiting" });
        },
        calls: async (id) => this.#calls.filter(({ deploymentId }) => deploymentId === id),
        replaceCall: async (known, next) => {
          await this.beforeReplacing();
          const at = this.#calls.findIndex(
            (one) => one.deploymentId === known.deploymentId && one.deployer === known.deployer,
          );
          if (!isDeepStrictEqual(this.#calls[at], known)) return false;
          this.saved.push(next);
          this.#calls.splice(at, 1, next);
          return true;
        },
        update: async (id, change) => {
          const at = this.#deployments.findIndex(({ githubId }) => githubId === id);
          this.#deployments.splice(at, 1, { ...this.deployment(id), ...change });
        },
      },
      commits: { containment: async (_repository, shas) => linear(shas), isOn: async () => true },
      statuses: { set: async ({ githubId }, status) => void this.statuses.push({ id: githubId, ...status }) },
      comments: {
        ensure: async (_deployment, comment) => void this.comments.push(comment),
        replace: async (_deployment, comment) => void this.comments.push(comment),
      },
      targets: { find: async () => this.site ?? { repository: "acme/config", missing: "environment" } },
      results: { record: async (settlement) => void this.results.push(settlement) },
      deployers: deployersOf(() => this.deployers, httpClientWithin(this.#requestMs)),
      timeouts: this.patience,
      now: () => this.now,
    };
  }

  deployment(id: number): KnownDeployment {
    const found = this.#deployments.find(({ githubId }) => githubId === id);
    if (found?.githubId === undefined) throw new Error(`No deployment ${id}`);
    return { ...found, githubId: found.githubId };
  }

  call(id: number, deployer?: string): DeployerCall {
    const found = this.#calls.find(
      (one) => one.deploymentId === id && (deployer === undefined || one.deployer === deployer),
    );
    if (found === undefined) throw new Error(`No call for deployment ${id}`);
    return found;
  }

  reconcile(): Promise<{ readonly requeueAt?: Date }> {
    return advanceDeployments(key, this.ports);
  }

  report(deploymentId: number, deployer: string, facts: Report): Promise<Result<Deployment>> {
    const { deployments } = this.ports;
    const byGithubId = async (id: number) => this.#deployments.find(({ githubId }) => githubId === id);
    return recordReport({ deploymentId, deployer, at: this.now }, facts, { ...deployments, byGithubId });
  }

  /** Looks whenever a look is due, moving the clock there, until `done` or nothing is left to look at. */
  async until(done: () => boolean): Promise<void> {
    for (let looks = 0; looks < 3000; looks += 1) {
      const { requeueAt } = await this.reconcile();
      await pause(2);
      if (done() || requeueAt === undefined) return;
      if (requeueAt > this.now) this.now = requeueAt;
    }
    throw new Error("It never came to an end");
  }

  later(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  /** `state: description` of each status written, in order. */
  get statusLines(): readonly string[] {
    return this.statuses.map(({ id, state, description }) => `${id} ${state}: ${description}`);
  }
}
