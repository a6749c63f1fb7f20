// Publishes to servers that are killed at random, until all are announced; then everything has to come right by itself.

import { setTimeout as sleep } from "node:timers/promises";
import { mergeNowAndThen } from "./person.ts";
import { Pipelines, type Progress } from "./pipelines.ts";
import type { Life, Replica } from "./replica.ts";
import { announcementsOf, numbers } from "./schedule.ts";
import { JOB, REPOSITORIES, type Surroundings, startSurroundings } from "./surroundings.ts";
import { complaints } from "./verdict.ts";

export interface SoakOptions {
  readonly seed: number;
  /** Different chart versions to announce. */
  readonly publishes: number;
  readonly replicas: number;
  /** How often each replica is killed at most, and how many milliseconds it lives and stays dead. */
  readonly kills: number;
  readonly lasts: Range;
  readonly rests: Range;
  readonly databaseUrl?: string;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

export interface Outcome {
  /** What does not hold; one sentence each. */
  readonly complaints: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const BUILDS = { min: 0, max: 150 };
/** More than a second: of two merges in one second GitHub does not tell which came first. */
const MERGES = { min: 1100, max: 2000 };
/** After so long nobody is killed any more, however slow this machine is. */
const DIES_WITHIN_MS = 120_000;
/** From the last announcement until all must hold. */
const SETTLES_WITHIN_MS = 120_000;

export async function soak(options: SoakOptions): Promise<Outcome> {
  const surroundings = await startSurroundings(options.replicas, options.databaseUrl);
  try {
    return await soakIn(surroundings, options);
  } finally {
    await surroundings.stop();
  }
}

async function soakIn(surroundings: Surroundings, options: SoakOptions): Promise<Outcome> {
  const { servers } = surroundings;
  const pipelines = new Pipelines(surroundings);
  await leaveCompiled(servers);
  await Promise.all(servers.map((server) => server.start()));
  await ready(surroundings);
  const began = performance.now();
  await announce(surroundings, pipelines, options);
  const announced = performance.now();
  const answered = new Map<string, Progress>();
  const left = await waitUntilConverged(() => complaints(surroundings, pipelines, answered));
  const settled = performance.now();
  return {
    complaints: left,
    figures: {
      ...figuresOf(surroundings, pipelines),
      "s of announcing": (announced - began) / 1000,
      "s until all held": (settled - announced) / 1000,
    },
  };
}

/** What a process that ends in peace has compiled, the next ones need not compile: they start in half the time. */
async function leaveCompiled([first]: readonly Replica[]): Promise<void> {
  await first?.start();
  await first?.stop();
}

/** Until then nobody is known to depend on anything. */
async function ready({ url }: Surroundings): Promise<void> {
  while ((await fetch(`${url}/readyz`)).status !== 200) await sleep(50);
}

/** Everything is announced, most of it while the servers die and people merge, and the newest versions in peace. */
async function announce(
  surroundings: Surroundings,
  pipelines: Pipelines,
  options: SoakOptions,
): Promise<void> {
  const { first, last } = announcementsOf(options.seed, options.publishes);
  const builds = numbers({ ...options, stream: "builds" }, BUILDS);
  const pauses = numbers({ ...options, stream: "pauses" }, MERGES);
  const picks = numbers({ ...options, stream: "picks" }, { min: 0, max: 999_999 });
  const over = new AbortController();
  const dying = AbortSignal.any([over.signal, AbortSignal.timeout(DIES_WITHIN_MS)]);
  const lived = surroundings.servers.map((server, n) => server.live(livesOf(n, options), dying));
  const merged = mergeNowAndThen(surroundings, { pauses, picks }, over.signal);
  try {
    await pipelines.run(first, builds);
  } finally {
    over.abort();
    await Promise.all([merged, ...lived]);
  }
  await pipelines.run(last, builds);
}

function livesOf(replica: number, { seed, kills, lasts, rests }: SoakOptions): readonly Life[] {
  const lasting = numbers({ seed, stream: `lasts ${replica}` }, lasts);
  const resting = numbers({ seed, stream: `rests ${replica}` }, rests);
  return Array.from({ length: kills }, () => ({ lasts: lasting.next().value, rests: resting.next().value }));
}

/** Asks until nothing is wrong any more, or time is up. */
async function waitUntilConverged(ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  const end = performance.now() + SETTLES_WITHIN_MS;
  for (;;) {
    const left = await ask();
    if (left.length === 0 || performance.now() > end) return left;
    await sleep(500);
  }
}

function figuresOf(
  { servers, github, jenkins, hook }: Surroundings,
  pipelines: Pipelines,
): Outcome["figures"] {
  const { attempts } = github.webhooks;
  const repositories = REPOSITORIES.map((name) => github.repository(name));
  const pulls = repositories.flatMap((repository) => repository.pulls());
  return {
    publishes: pipelines.kept.size,
    "answered with 202": pipelines.accepted,
    retries: pipelines.retries,
    kills: servers.reduce((sum, { kills }) => sum + kills, 0),
    webhooks: attempts.length,
    "webhooks lost": attempts.filter(({ status }) => status === undefined || status >= 400).length,
    "pull requests": pulls.length,
    merges: pulls.filter(({ merge }) => merge).length,
    deployments: repositories.reduce((sum, { deployments }) => sum + deployments.size, 0),
    "calls of deployers": jenkins.controller.builds(JOB).length + hook.errands.size,
    "requests to GitHub": github.requests.all.length,
  };
}
