// One publish for 200 environments of one repository, with 80 ms latency of GitHub, against the same number of
// sequential round trips.

import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { newDataFolder } from "../../../sandbox/data-folder.ts";
import { startOwnProcess } from "../own-process.ts";
import { doubling, type Row, rowOf } from "../row.ts";
import { announce, foundWorld, progressOf } from "../world.ts";

const SLOW_MS = 80;
const FIRST = Number(process.env["ENVIRONMENTS_FIRST"] ?? 25);
const LAST = Number(process.env["ENVIRONMENTS"] ?? 200);

interface Figures {
  readonly proposedMs: number;
  readonly cpuMs: number;
}

export async function* environmentRows(): AsyncGenerator<Row> {
  yield* await doubling({ first: FIRST, last: LAST }, async (size) => {
    const { proposedMs, cpuMs } = await fanOut(size);
    const row = (says: string, costMs: number) =>
      rowOf(
        {
          what: `one publish to ${size} environments of one repository: ${says}`,
          against: `${size} round trips of ${SLOW_MS} ms`,
          unit: "ms",
        },
        [[costMs, size * SLOW_MS]],
      );
    return [row("until it is proposed in all", proposedMs), row("processor time", cpuMs)];
  });
}

async function fanOut(environments: number): Promise<Figures> {
  const dataFolder = await newDataFolder("chart-promoter-bench");
  const world = await foundWorld({
    repositories: [["xposer"]],
    environments,
    versions: new Map([["xposer", ["1.0.0", "0.1.0"]]]),
    dataFolder,
  });
  const server = await startOwnProcess(world.settings);
  world.sendWebhooksTo(server.url);
  await server.idle();
  world.github.fault({ times: Number.POSITIVE_INFINITY }, { kind: "slow", ms: SLOW_MS });
  const before = await server.cpuMs();
  const begun = performance.now();
  const id = await announce(server.url, { chart: "xposer", version: "1.0.0" });
  for (let proposed = 0; proposed < environments; await sleep(20))
    proposed = world.github.repository("acme/config-0").pulls().length;
  const proposedMs = performance.now() - begun;
  const cpuMs = (await server.cpuMs()) - before;
  for (let proposed = 0; proposed < environments; await sleep(50)) {
    const { promotions } = await progressOf(server.url, id);
    proposed = promotions.filter(({ state }) => state === "proposed").length;
  }
  await server.stop();
  await world.close();
  await rm(dataFolder, { recursive: true, force: true });
  return { proposedMs, cpuMs };
}
