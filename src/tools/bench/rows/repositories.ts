// Cost of 1,000 config repositories at the first start of the server and at the next sweeps: GitHub requests against
// one per repository, and time against as many plain requests.

import { rm } from "node:fs/promises";
import { newDataFolder } from "../../../sandbox/data-folder.ts";
import { startOwnProcess } from "../own-process.ts";
import { doubling, elapsedMs, type Row, rowOf, type Unit } from "../row.ts";
import { foundWorld } from "../world.ts";

const FIRST = 125;
const LAST = 1_000;
const AT_ONCE = 8;

interface Figures {
  readonly requests: number;
  readonly elapsedMs: number;
  readonly cpuMs: number;
}

export async function* repositoryRows(): AsyncGenerator<Row> {
  const starts = new Map<number, Promise<Measured>>();
  const startOf = (size: number) => {
    const known = starts.get(size) ?? firstStart(size);
    starts.set(size, known);
    return known;
  };
  const rows: readonly (readonly [keyof Figures, string, Unit, (measured: Measured) => number])[] = [
    ["requests", "one for each", "requests", ({ size }) => size],
    ["elapsedMs", "as many plain requests", "ms", ({ plainMs }) => plainMs],
    ["cpuMs", "as many plain requests", "ms", ({ plainMs }) => plainMs],
  ];
  for (const [name, against, unit, beside] of rows)
    yield await doubling({ first: FIRST, last: LAST }, async (size) => {
      const measured = await startOf(size);
      const what = `first start with ${size} repositories: ${NAMES[name]}`;
      return rowOf({ what, against, unit }, [[measured[name], beside(measured)]]);
    });
}

const NAMES: Readonly<Record<keyof Figures, string>> = {
  requests: "requests to GitHub",
  elapsedMs: "until nothing is due",
  cpuMs: "processor time",
};

interface Measured extends Figures {
  readonly size: number;
  readonly plainMs: number;
}

async function firstStart(size: number): Promise<Measured> {
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
  const ended = performance.now() - begun;
  const requests = world.github.requests.counted.length;
  const { cpuMs } = await server.stop();
  await world.close();
  await rm(dataFolder, { recursive: true, force: true });
  return { size, plainMs, requests, elapsedMs: ended, cpuMs };
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
