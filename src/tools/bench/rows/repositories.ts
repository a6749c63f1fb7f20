// Cost of 1,000 config repositories at the first start of the server and at the next sweeps: GitHub requests against
// one per repository, and time against as many plain requests.

import { rm } from "node:fs/promises";
import { newDataFolder } from "../../../sandbox/data-folder.ts";
import { startOwnProcess } from "../own-process.ts";
import { doubling, elapsedMs, type Row, rowOf } from "../row.ts";
import { foundWorld } from "../world.ts";

const FIRST = 125;
const LAST = 1_000;
const AT_ONCE = 8;

export async function* repositoryRows(): AsyncGenerator<Row> {
  yield* await doubling({ first: FIRST, last: LAST }, async (size) => {
    const { requests, idleMs, cpuMs, plainMs } = await firstStart(size);
    const row = (
      says: string,
      unit: keyof typeof AGAINST,
      pair: readonly [measured: number, beside: number],
    ) =>
      rowOf({ what: `first start with ${size} repositories: ${says}`, against: AGAINST[unit], unit }, [pair]);
    return [
      row("requests to GitHub", "requests", [requests, size]),
      row("until nothing is due", "ms", [idleMs, plainMs]),
      row("processor time", "ms", [cpuMs, plainMs]),
    ];
  });
}

const AGAINST = { requests: "one for each", ms: "as many plain requests" };

interface Figures {
  readonly requests: number;
  readonly idleMs: number;
  readonly cpuMs: number;
  readonly plainMs: number;
}

async function firstStart(size: number): Promise<Figures> {
  const dataFolder = await newDataFolder("chart-promoter-bench");
  const world = await foundWorld({
    repositories: Array.from({ length: size }, () => ["xposer"]),
    versions: new Map([["xposer", ["0.1.0"]]]),
    dataFolder,
  });
  const plainMs = await elapsedMs(() => plainRequests(`${world.github.url}/api/v3`, size));
  world.github.requests.mark();
  const begun = performance.now();
  const server = await startOwnProcess(world.settings);
  await server.idle();
  const idleMs = performance.now() - begun;
  const requests = world.github.requests.counted.length;
  const { cpuMs } = await server.stop();
  await world.close();
  await rm(dataFolder, { recursive: true, force: true });
  return { requests, idleMs, cpuMs, plainMs };
}

/** Sends the requests and ignores the answers. */
async function plainRequests(url: string, count: number): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await (await fetch(url)).arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
