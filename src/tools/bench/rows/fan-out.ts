// One publish for 200 config repositories of one installation, with 80 ms latency of GitHub, at several settings of
// concurrency, against the default of ten; and for up to 1,000 at the highest of these, against the same with fewer.

import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { newDataFolder } from "../../../sandbox/data-folder.ts";
import { startOwnProcess } from "../own-process.ts";
import { doubling, type Row, rowOf } from "../row.ts";
import { announce, foundWorld, progressOf } from "../world.ts";

const SLOW_MS = 80;
const SIZE = 200;
const DEFAULT = 10;
const CONCURRENCIES = [16, 32];
const FIRST = 250;
const LAST = Number(process.env["FAN_OUT_REPOSITORIES"] ?? 1000);
const ROUNDS = 3;

interface Figures {
  readonly proposedMs: number;
  readonly mostMb: number;
}

export async function* fanOutRows(): AsyncGenerator<Row> {
  for (const concurrency of CONCURRENCIES) {
    const rounds: (readonly [measured: Figures, beside: Figures])[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const beside = await fanOut(SIZE, DEFAULT);
      rounds.push([await fanOut(SIZE, concurrency), beside]);
    }
    yield* rowsOf({ size: SIZE, concurrency, against: `concurrency ${DEFAULT}` }, rounds);
  }
  yield* await growthRows(Math.max(...CONCURRENCIES));
}

async function growthRows(concurrency: number): Promise<readonly Row[]> {
  const fewer: Figures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) fewer.push(await fanOut(FIRST, concurrency));
  return doubling({ first: FIRST, last: LAST }, async (size) => {
    const rounds: (readonly [measured: Figures, beside: Figures])[] = [];
    for (const beside of fewer)
      rounds.push([size === FIRST ? beside : await fanOut(size, concurrency), beside]);
    return rowsOf({ size, concurrency, against: `the same with ${FIRST}` }, rounds);
  });
}

interface Compared {
  readonly size: number;
  readonly concurrency: number;
  readonly against: string;
}

function rowsOf(
  { size, concurrency, against }: Compared,
  rounds: readonly (readonly [measured: Figures, beside: Figures])[],
): readonly Row[] {
  const what = `one publish to ${size} repositories, concurrency ${concurrency}`;
  const of = (name: keyof Figures) =>
    rounds.map(([measured, beside]) => [measured[name], beside[name]] as const);
  return [
    rowOf({ what: `${what}: until it is proposed in all`, against, unit: "ms" }, of("proposedMs")),
    rowOf({ what: `${what}: memory`, against, unit: "MB" }, of("mostMb")),
  ];
}

async function fanOut(size: number, concurrency: number): Promise<Figures> {
  const dataFolder = await newDataFolder("chart-promoter-bench");
  const world = await foundWorld({
    repositories: Array.from({ length: size }, () => ["xposer"]),
    versions: new Map([["xposer", ["1.0.0", "0.1.0"]]]),
    dataFolder,
    settings: { concurrency },
  });
  const server = await startOwnProcess(world.settings);
  world.sendWebhooksTo(server.url);
  await server.idle();
  world.github.fault({ times: Number.POSITIVE_INFINITY }, { kind: "slow", ms: SLOW_MS });
  const begun = performance.now();
  const id = await announce(server.url, { chart: "xposer", version: "1.0.0" });
  for (let proposed = 0; proposed < size; await sleep(50)) {
    const { promotions } = await progressOf(server.url, id);
    proposed = promotions.filter(({ state }) => state === "proposed").length;
  }
  const proposedMs = performance.now() - begun;
  await server.idle();
  const { mostBytes } = await server.stop();
  await world.close();
  await rm(dataFolder, { recursive: true, force: true });
  return { proposedMs, mostMb: mostBytes / 1e6 };
}
