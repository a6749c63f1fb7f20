// One simulation in virtual time: replicas that share a database and GitHub, and their load.

import { SqliteClaims } from "../../adapters/store/sqlite/claims.ts";
import { enqueueAll, workOf } from "../../reconcile/keys.ts";
import { CONCURRENCY, CORES_OF_REPLICA, LATENCY } from "./assumed.ts";
import { Chance } from "./chance.ts";
import { openDatabase } from "./database.ts";
import { SimulatedGitHub } from "./github.ts";
import { Replica, type Shared } from "./replica.ts";
import { VirtualTime } from "./virtual-time.ts";
import { type Terms, World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = new Date("2026-01-01T00:00:00Z");

export interface Course {
  readonly terms: Terms;
  /** When each pull request and check run was written and each request sent, in milliseconds since the start. */
  readonly opened: readonly number[];
  readonly checked: readonly number[];
  readonly requested: readonly number[];
  /** Milliseconds from publish to pull request. */
  readonly waits: readonly number[];
  /** Requests that GitHub refused for a rate limit. */
  readonly refused: number;
  readonly mostAtOnce: number;
  /** SQL statements of the queue. */
  readonly statements: number;
  readonly swept: number;
  /** Utilisation: shares of the work slots and of the cores. */
  readonly busy: { readonly places: number; readonly cores: number };
}

/** Replaces the timers and `Math.random` of this process. */
export async function simulate(terms: Terms): Promise<Course> {
  const time = new VirtualTime(START);
  const chance = new Chance(terms.seed);
  time.takeOver();
  Math.random = chance.next;
  const database = await openDatabase(time.clock, terms);
  const world = new World(terms, () => time.now - START.getTime());
  const github = new SimulatedGitHub(time, chance, LATENCY);
  const shared = { time, github, database, world, chance, claims: new SqliteClaims(database) };
  const replicas = Array.from({ length: terms.replicas }, () => new Replica(shared));
  await begin(shared, replicas);
  for (const replica of replicas) await replica.start();
  void publishes(shared, replicas, chance);
  void merges(shared, replicas, chance);
  await time.runUntil(START.getTime() + terms.minutes * MINUTE);
  return courseOf(shared, replicas);
}

/** Enqueues the work that is pending at the start. */
async function begin({ world, time }: Shared, [first]: readonly Replica[]): Promise<void> {
  const { burst, isSwept, installations } = world.terms;
  if (first === undefined) return;
  const repositories = Array.from({ length: burst }, (_, id) => ({ kind: "repository", id }) as const);
  for (const { id } of repositories) world.promotionOf(id);
  await enqueueAll(first.queue, repositories, "promotion");
  if (!isSwept) return;
  const listings = Array.from({ length: installations }, (_, id) => ({
    ...workOf({ kind: "installation", id }),
    after: new Date(time.now + (HOUR * id) / installations),
  }));
  await first.queue.enqueueAll(listings);
}

/** Publishes that are already verified: enqueues their config repositories as the product does. */
async function publishes({ time, world }: Shared, replicas: readonly Replica[], chance: Chance) {
  const { publishesAnHour, dependents, repositoriesOfEach, installations } = world.terms;
  while (publishesAnHour > 0) {
    await time.sleep(chance.until(publishesAnHour / HOUR));
    const first = chance.below(installations) * repositoriesOfEach;
    const from = chance.below(repositoriesOfEach);
    const keys = Array.from({ length: dependents }, (_, n) => {
      const id = first + ((from + n) % repositoriesOfEach);
      world.promotionOf(id);
      return { kind: "repository", id } as const;
    });
    await enqueueAll(some(replicas, chance).queue, keys, "promotion");
  }
}

/** As many merges as promotions, one at a time. */
async function merges({ time, world }: Shared, replicas: readonly Replica[], chance: Chance) {
  const { publishesAnHour, dependents, repositoriesOfEach, installations } = world.terms;
  while (publishesAnHour > 0) {
    await time.sleep(chance.until((publishesAnHour * dependents) / HOUR));
    const id = chance.below(installations * repositoriesOfEach);
    world.merged(id);
    await enqueueAll(some(replicas, chance).queue, [{ kind: "repository", id }], "deployment");
  }
}

function some(replicas: readonly Replica[], chance: Chance): Replica {
  const one = replicas[chance.below(replicas.length)];
  if (one === undefined) throw new Error("there is no replica");
  return one;
}

function courseOf({ world, github, database }: Shared, replicas: readonly Replica[]): Course {
  const { terms } = world;
  const sum = (figure: (replica: Replica) => number) =>
    replicas.reduce((all, replica) => all + figure(replica), 0);
  const whole = terms.replicas * terms.minutes * MINUTE;
  return {
    ...{ terms, opened: world.pullRequests, checked: world.checkRuns, waits: world.waits },
    requested: github.requested.map((at) => at - START.getTime()),
    ...{ refused: github.refused, mostAtOnce: github.mostAtOnce, statements: database.statements() },
    swept: world.swept,
    busy: {
      places: sum(({ busyMs }) => busyMs) / whole / CONCURRENCY,
      cores: sum(({ loop, cores }) => loop.busyMs + cores.busyMs) / whole / CORES_OF_REPLICA,
    },
  };
}
