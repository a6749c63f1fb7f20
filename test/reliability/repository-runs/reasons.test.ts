// What GitHub is asked in a run of a repository's key is what somebody gave a reason for, whenever that was put down.

import { expect, test } from "@jest/globals";
import type { Deps } from "../../../src/reconcile/context.ts";
import { operatorActions } from "../../../src/reconcile/operator-actions.ts";
import { CONFIG_REPOSITORY } from "../../../src/sandbox/test-bed.ts";
import { found, hears, inProcess, publish, settled, type World, work } from "./world.ts";

/** The names of the requests of each run of the repository's key, the first after this happened to what was claimed. */
async function requestsOf(
  world: World,
  deps: Deps,
  whileClaimed: () => Promise<void> = async () => undefined,
): Promise<readonly (readonly string[])[]> {
  const runs: string[][] = [];
  await work(world, deps, {
    onRun: async () => {
      if (runs.length === 0) await whileClaimed();
      note(runs, world);
      runs.push([]);
    },
  });
  note(runs, world);
  return runs;
}

/** What was asked since then is of the run before. */
function note(runs: readonly string[][], { github }: World): void {
  runs.at(-1)?.push(...github.requests.counted.map(({ operationName, path }) => operationName ?? path));
  github.requests.mark();
}

async function push(world: World, deps: Deps): Promise<void> {
  const before = world.repository().branch("main") ?? "";
  world.github
    .as("alice")
    .push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/README.md": `${before}` } });
  const after = world.repository().branch("main") ?? "";
  await hears(world, deps, {
    kind: "branch-pushed",
    branch: "main",
    before,
    after,
    forced: false,
    pusher: "alice",
  });
}

const READ = expect.arrayContaining(["RepositoryState"]);
/** The checks that it enqueued may have asked. */
const NOT_READ = expect.not.arrayContaining(["RepositoryState"]);

test("a webhook that comes between a run's claim and its look has nothing read a second time", async () => {
  const world = await found();
  await inProcess(world, (deps) => settled(world, deps));
  await inProcess(world, async (deps) => {
    await push(world, deps);
    const [first, second, ...others] = await requestsOf(world, deps, () => push(world, deps));
    expect([first, second, others]).toEqual([READ, [], []]);
  });
});

test("so has a publish", async () => {
  const world = await found();
  await inProcess(world, (deps) => settled(world, deps));
  await inProcess(world, async (deps) => {
    await push(world, deps);
    expect(await requestsOf(world, deps, () => publish(world, deps))).toEqual([READ, NOT_READ]);
    expect(world.repository().pulls()).toHaveLength(1);
  });
});

test("a key that was given up is tried again with all there is to read, where an operator says so", async () => {
  const world = await found();
  const { id } = world.repository();
  const key = `repository:${id}`;
  await inProcess(world, (deps) => settled(world, deps));
  await inProcess(world, async (deps) => {
    expect(await operatorActions(deps).replay(key)).toBe(false);
    expect(await deps.store.deliveries.undone(id)).toEqual([]);
    await deps.store.queue.enqueue(key);
    await work(world, deps, { fails: true });
    expect((await deps.store.queue.dead()).map((one) => one.key)).toEqual([key]);
    expect(await operatorActions(deps).replay(key)).toBe(true);
  });
  await inProcess(world, async (deps) => {
    expect(await requestsOf(world, deps)).toEqual([READ]);
    expect(await deps.store.queue.dead()).toEqual([]);
  });
});
