// Time from the announcement of a publish to its pull request, at several latencies of GitHub, against two requests to
// the same GitHub: the minimum for a promotion.

import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { newDataFolder } from "../../../sandbox/data-folder.ts";
import { startOwnProcess } from "../own-process.ts";
import { elapsedMs, type Row, rowOf } from "../row.ts";
import { announce, foundWorld } from "../world.ts";

const LATENCIES = [0, 80];
const ROUNDS = 15;
/** Warm-up rounds, not counted. */
const WARM_UP = 5;

export async function* latencyRows(): AsyncGenerator<Row> {
  for (const ms of LATENCIES) {
    const what = `publish to pull request, GitHub at ${ms} ms`;
    yield rowOf({ what, against: "two requests to that GitHub", unit: "ms" }, await publishes(ms));
  }
}

async function publishes(ms: number): Promise<readonly (readonly [measured: number, beside: number])[]> {
  const dataFolder = await newDataFolder("chart-promoter-bench");
  const count = WARM_UP + ROUNDS;
  const charts = Array.from({ length: count }, (_, n) => `chart-${n}`);
  const world = await foundWorld({
    repositories: [charts],
    versions: new Map(charts.map((chart) => [chart, ["1.0.0", "0.1.0"]])),
    dataFolder,
  });
  const server = await startOwnProcess(world.settings);
  world.sendWebhooksTo(server.url);
  await server.idle();
  if (ms > 0) world.github.fault({ times: Number.POSITIVE_INFINITY }, { kind: "slow", ms });
  const pairs: (readonly [number, number])[] = [];
  for (const [n, chart] of charts.entries()) {
    const beside = await elapsedMs(() => twoRequests(world.github.url));
    const measured = await elapsedMs(async () => {
      await announce(server.url, { chart, version: "1.0.0" });
      while (world.github.repository("acme/config-0").pulls().length <= n) await sleep(1);
    });
    pairs.push([measured, beside]);
    await server.idle();
  }
  await server.stop();
  await world.close();
  await rm(dataFolder, { recursive: true, force: true });
  return pairs.slice(WARM_UP);
}

async function twoRequests(url: string): Promise<void> {
  for (let n = 0; n < 2; n += 1) await (await fetch(`${url}/api/v3/app`)).arrayBuffer();
}
