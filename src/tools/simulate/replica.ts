// One server process: the product's queue and GitHub clients with their budgets, and runs that send GitHub as many
// requests as test/stories say for each case.

import { ProbotOctokit } from "probot";
import { Budget, GITHUB_COM, type Purpose } from "../../adapters/github/api/budget.ts";
import { InstallationClient } from "../../adapters/github/api/client.ts";
import type { Claims } from "../../adapters/store/queue/claims.ts";
import { MarksQueue } from "../../adapters/store/queue/marks-queue.ts";
import { enqueue, parseKey, type WorkKey } from "../../reconcile/keys.ts";
import { UNTRACED } from "../../reconcile/ports/tracing.ts";
import { BACKOFF } from "../../server/work.ts";
import {
  CONCURRENCY,
  CORES_OF_REPLICA,
  LOOK_REQUESTS,
  LOOKED_AT,
  OF_OWNER,
  OWN_MS,
  RENDERING_MS,
} from "./assumed.ts";
import type { Chance } from "./chance.ts";
import type { CountedDatabase } from "./database.ts";
import { callOf, type SimulatedGitHub } from "./github.ts";
import { Processors } from "./processors.ts";
import type { VirtualTime } from "./virtual-time.ts";
import type { World } from "./world.ts";

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface Shared {
  readonly time: VirtualTime;
  readonly github: SimulatedGitHub;
  readonly database: CountedDatabase;
  readonly claims: Claims;
  readonly world: World;
  readonly chance: Chance;
}

export class Replica {
  readonly queue: MarksQueue;
  readonly loop: Processors;
  readonly cores: Processors;
  readonly #shared: Shared;
  readonly #clients = new Map<number, InstallationClient>();
  readonly #budgets = new Map<string, Budget>();
  readonly #octokit: ProbotOctokit;
  busyMs = 0;

  constructor(shared: Shared) {
    const { database, claims, time } = shared;
    this.#shared = shared;
    this.queue = new MarksQueue({ database, claims, log: SILENT, longestSleepMs: 250 });
    this.loop = new Processors(time, 1);
    this.cores = new Processors(time, CORES_OF_REPLICA);
    this.#octokit = new ProbotOctokit({
      ...{ retry: { enabled: false }, throttle: { enabled: false }, log: SILENT },
      request: { fetch: (url: string, options: RequestInit) => this.#fetch(url, options) },
    });
  }

  start(): Promise<void> {
    return this.queue.work({
      ...{ concurrency: CONCURRENCY, ofOwner: OF_OWNER, backoff: BACKOFF, onFailure: () => undefined },
      reconcile: async (text) => {
        const key = parseKey(text);
        if (key === undefined) throw new Error(`${text} is no key`);
        const begun = this.#shared.time.now;
        await this.#run(key).finally(() => {
          this.busyMs += this.#shared.time.now - begun;
        });
        return undefined;
      },
    });
  }

  async #run(key: WorkKey): Promise<void> {
    if (key.kind === "repository") return this.#reconcile(key.id);
    if (key.kind === "check-run") return this.#check(key.repositoryId);
    if (key.kind === "deployment") return this.#report(key.repositoryId);
    if (key.kind === "installation") return this.#discover(key.id);
    if (key.kind === "glance") return this.#glance(key.installationId);
    throw new Error(`nothing is simulated for ${key.kind}`);
  }

  async #reconcile(id: number): Promise<void> {
    const { world } = this.#shared;
    const access = this.#accessTo(id);
    await this.loop.work(OWN_MS.repository);
    const requests = world.isToBeLookedAt(id) ? LOOK_REQUESTS : 1;
    for (let n = 0; n < requests; n += 1) await query(access, "RepositoryState");
    world.lookedAt(id);
    while (world.hasMerge(id)) await this.#deploy(access, id);
    while (world.isWaiting(id)) await this.#promote(access, id);
  }

  async #deploy(access: Access, id: number): Promise<void> {
    await query(access, "MergeProof");
    await post(access, "deployments", { purpose: "deployment", content: true });
    this.#shared.world.deployed(id);
    await enqueue(this.queue, { kind: "deployment", repositoryId: id, environment: "dev" });
  }

  /** Renderings are cached. */
  async #promote(access: Access, id: number): Promise<void> {
    const { world } = this.#shared;
    await this.loop.work(OWN_MS.promotion);
    if (world.isToBeRendered(id)) await this.cores.work(RENDERING_MS);
    const about = { activity: "promoting", purpose: "promotion", check: "follows" } as const;
    await access.client.mutate(about, "mutation Promote { promoted }", access.variables);
    world.opened(id);
    const target = { kind: "pull-request", number: 1, write: "when-changed" } as const;
    await enqueue(this.queue, { kind: "check-run", repositoryId: id, target });
  }

  async #check(id: number): Promise<void> {
    const access = this.#accessTo(id);
    await this.loop.work(OWN_MS.check);
    await query(access, "Head");
    await post(access, "check-runs", { purpose: "promotion", content: true, check: "written" });
    this.#shared.world.checked();
  }

  /** Two statuses: in progress and the result. */
  async #report(id: number): Promise<void> {
    await this.loop.work(OWN_MS.deployment);
    for (let status = 0; status < 2; status += 1)
      await post(this.#accessTo(id), "deployments/1/statuses", { purpose: "deployment", content: true });
  }

  /** The hourly listing of repositories enqueues their glance. */
  async #discover(installationId: number): Promise<void> {
    await this.loop.work(OWN_MS.installation);
    const [first = 0] = this.#shared.world.repositoriesOf(installationId);
    await query(this.#accessTo(first), "Installed");
    await enqueue(this.queue, { kind: "glance", installationId, part: 0 });
  }

  /** One query for all of them, and further queries for those that changed. */
  async #glance(installation: number): Promise<void> {
    const { world, chance } = this.#shared;
    await this.loop.work(OWN_MS.glance);
    const ids = world.repositoriesOf(installation);
    await query(this.#accessTo(ids[0] ?? 0), "Glance");
    for (const id of ids) {
      const isQuiet = chance.next() >= LOOKED_AT;
      world.glancedAt(id, isQuiet ? "quiet" : "changed");
      if (!isQuiet) await enqueue(this.queue, { kind: "repository", id });
    }
  }

  #accessTo(repository: number): Access {
    const installation = this.#shared.world.installationOf(repository);
    const client = this.#clients.get(installation) ?? this.#newClient(installation);
    return { client, variables: { owner: String(installation), repo: String(repository) } };
  }

  #newClient(installation: number): InstallationClient {
    const { clock } = this.#shared.time;
    const budget = new Budget(GITHUB_COM, clock);
    const client = new InstallationClient({
      ...{ octokit: async () => this.#octokit, budget, clock, tracing: UNTRACED },
      renewToken: async () => undefined,
    });
    this.#budgets.set(String(installation), budget);
    this.#clients.set(installation, client);
    return client;
  }

  async #fetch(url: string, { method = "GET", body }: RequestInit): Promise<Response> {
    const { call, installation } = callOf(url, method, typeof body === "string" ? body : "");
    const answer = await this.#shared.github.answer(call, installation);
    this.#budgets.get(installation)?.learn(Object.fromEntries(answer.headers));
    return answer;
  }
}

interface Access {
  readonly client: InstallationClient;
  /** The owner's name is the installation. */
  readonly variables: { readonly owner: string; readonly repo: string };
}

function query({ client, variables }: Access, name: string): Promise<unknown> {
  return client.query(`asking for ${name}`, `query ${name} { read }`, variables);
}

function post(
  { client, variables }: Access,
  to: string,
  about: { readonly purpose: Purpose; readonly content: boolean; readonly check?: "written" },
): Promise<unknown> {
  return client.rest({ activity: `posting to ${to}`, ...about }, (octokit) =>
    octokit.request(`POST /repos/{owner}/{repo}/${to}`, variables),
  );
}
