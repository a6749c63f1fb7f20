// A GitHub, charts and a data folder without a server: the keys of the queue are worked on when a test says so, and nothing else helps.
// Nobody is told of anything by webhooks, and what was missed is not looked for, as a server does at its start and each hour.

import { rm } from "node:fs/promises";
import { afterAll, afterEach, expect } from "@jest/globals";
import { pino } from "pino";
import { createMetrics } from "../../../src/adapters/http/metrics.ts";
import { KeptThreads } from "../../../src/adapters/threads/kept-threads.ts";
import type { RepositoryEvent } from "../../../src/domain/model/github/event.ts";
import type { Deps } from "../../../src/reconcile/context.ts";
import { reconcile } from "../../../src/reconcile/dispatch.ts";
import { requestFullResync } from "../../../src/reconcile/installation/discover.ts";
import { parseKey, workOf } from "../../../src/reconcile/keys.ts";
import { startMuseum } from "../../../src/sandbox/chartmuseum/museum.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { newDataFolder } from "../../../src/sandbox/data-folder.ts";
import { startGitHub } from "../../../src/sandbox/github/github.ts";
import { CONFIG_REPOSITORY, configRepository, testBedSettings } from "../../../src/sandbox/test-bed.ts";
import { openDependencies } from "../../../src/server/dependencies.ts";

const threads = new KeptThreads();
const closing: (() => Promise<unknown>)[] = [];
export async function closeWorlds(): Promise<void> {
  for (const close of closing.splice(0).toReversed()) await close();
}
afterEach(closeWorlds);
afterAll(() => threads.close());

/** What is due within it is worked on when a test waits for what comes. */
export const LATER_MS = 60_000;

export type World = Awaited<ReturnType<typeof found>>;

/** GitHub, the charts and a data folder, without a server. */
export async function found(files: Readonly<Record<string, string>> = {}) {
  // Time passes when a test says so: a slow machine works on no key that a fast one leaves for later.
  let nowMs = Date.now();
  const now = () => new Date(nowMs);
  const limits = { contentPerMinute: Number.POSITIVE_INFINITY, contentPerHour: Number.POSITIVE_INFINITY };
  const github = await startGitHub({ now, limits });
  closing.push(() => github.close());
  const museum = await startMuseum();
  closing.push(() => museum.close());
  for (const version of ["1.0.0", "1.1.0"]) await museum.upload(packChart({ name: "xposer", version }));
  const people = { alice: "write" } as const;
  github.createRepository({ name: CONFIG_REPOSITORY, files: { ...configRepository(), ...files }, people });
  github.install({ account: "acme", repositories: "all" });
  const dataFolder = await newDataFolder("killed-runs");
  closing.push(() => rm(dataFolder, { recursive: true, force: true }));
  const settings = testBedSettings({ github, museumUrl: museum.url }, { dataFolder });
  const open = () =>
    openDependencies({
      ...{ settings, clock: now, threads, metrics: createMetrics(), log: pino({ level: "silent" }) },
      reviewPatienceMs: 60_000,
    });
  return {
    github,
    open,
    now,
    loseDatabase: () => rm(dataFolder, { recursive: true, force: true }),
    pass: (ms: number) => {
      nowMs += ms;
    },
    repository: () => github.repository(CONFIG_REPOSITORY),
  };
}

class Killed extends Error {}

/** The process ends after so many of the calls that may have changed anything; nothing that it calls then is heard. */
export class Assassin {
  #left: number;
  hasStruck = false;

  constructor(after: number) {
    this.#left = after;
  }

  watch(deps: Deps): Deps {
    return { ...deps, store: this.#port(deps.store), github: this.#port(deps.github) };
  }

  #port<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member === "object" && member !== null) return this.#port(member);
        if (typeof member !== "function") return member;
        return (...given: readonly unknown[]) => {
          if (this.hasStruck) return new Promise(() => undefined);
          const answer: unknown = Reflect.apply(member, target, given);
          if (answer instanceof Promise) return READS.test(String(name)) ? answer : this.#after(answer);
          return typeof answer === "object" && answer !== null ? this.#port(answer) : answer;
        };
      },
    });
  }

  async #after(effect: Promise<unknown>): Promise<unknown> {
    const answer = await effect;
    this.#left -= 1;
    if (this.#left === 0) this.hasStruck = true;
    if (this.hasStruck) throw new Killed();
    return answer;
  }
}

/** By their names, so that a run is not killed once more where nothing has changed. */
const READS =
  /^(get|find|list|index|all|is|has|of|undone|since|waiting|known|pending|routesOf|routedFrom|verifiedOf|unfinished|lacking|read|fetch|may|merges|comments|own|default|containment|compare|dependents|namesOf|depth|dead|search|inspect|prove|push|repeats|folders|heals|calls|byGithubId|held|proposed|last|installed)/;

interface Terms {
  readonly assassin: Assassin;
  readonly aheadMs: number;
  /** Whether each run fails, until the key is given up. */
  readonly fails: boolean;
  /** Before each run of the repository's key, which is claimed by then. */
  readonly onRun: () => Promise<unknown>;
}

/** By these terms once in a process: works on what is due until nothing is; what is due within this time comes due. Answers whether the assassin struck. */
export async function work(
  world: World,
  deps: Deps,
  { assassin = new Assassin(0), aheadMs = 0, fails = false, onRun }: Partial<Terms> = {},
): Promise<boolean> {
  const failures: unknown[] = [];
  await deps.store.queue.work({
    concurrency: 1,
    backoff: { firstMs: 1, factor: 1, maxMs: 1, giveUpAfterMs: fails ? 0 : 60_000 },
    reconcile: async (text) => {
      const key = parseKey(text);
      if (!key) throw new Error(text);
      if (assassin.hasStruck) return new Promise(() => undefined);
      if (key.kind === "repository") await onRun?.();
      if (fails) throw new Error("it fails");
      return key.kind === "repository"
        ? await reconcile(key, assassin.watch(deps)).catch((error: unknown) => {
            if (assassin.hasStruck) return new Promise<undefined>(() => undefined);
            throw error;
          })
        : reconcile(key, deps);
    },
    onFailure: (_key, error) => failures.push(error),
  });
  for (let left = aheadMs; !assassin.hasStruck; ) {
    const { due, running } = await deps.store.queue.depth();
    const ms = due + running > 0 ? 0 : await deps.store.queue.msToNext();
    if (ms === undefined || ms > left) break;
    world.pass(ms);
    left -= ms;
    deps.store.queue.wake();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (!fails) expect(failures).toEqual([]);
  return assassin.hasStruck;
}

export async function inProcess<T>(world: World, act: (deps: Deps) => Promise<T>): Promise<T> {
  const { deps, close } = await world.open();
  try {
    return await act(deps);
  } finally {
    await deps.store.queue.stop(0);
    await close();
  }
}

/** As a webhook says it. */
export async function hears(world: World, deps: Deps, event: RepositoryEvent): Promise<void> {
  const { id } = world.repository();
  const delivery = { id: crypto.randomUUID(), repositoryId: id, event, receivedAt: world.now() };
  await deps.store.deliveries.keepAndEnqueue([delivery], workOf({ kind: "repository", id }));
}

export async function publish(world: World, deps: Deps): Promise<void> {
  const { id } = world.repository();
  const publisher = "xposer-pipeline";
  const announcement = {
    chart: "xposer",
    version: "1.1.0",
    repository: "stakater",
    values: {},
    source: {},
    publisher,
  };
  const { publish } = await deps.store.publishes.accept(announcement, { id: "p1", at: world.now() });
  await deps.store.publishes.verify(publish.id, { routes: [id] });
  await deps.store.queue.enqueue(`repository:${id}`);
}

export async function discovered(_world: World, deps: Deps): Promise<void> {
  const [installation = 0] = await deps.github.installations();
  for (const repository of (await deps.github.installed(installation)) ?? [])
    await deps.store.repositories.put(repository);
}

/** Looked at once, with nothing to do. */
export async function settled(world: World, deps: Deps): Promise<void> {
  await discovered(world, deps);
  await requestFullResync(world.repository().id, deps);
  await work(world, deps, { aheadMs: LATER_MS });
}
