// npm run bench [NAME…]: runs the benches one after another, prints one table (Markdown), and writes bench.json.

import { writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import type { Row } from "./row.ts";
import { environmentRows } from "./rows/environments.ts";
import { fanOutRows } from "./rows/fan-out.ts";
import { growthRows } from "./rows/growth.ts";
import { indexRows } from "./rows/index.ts";
import { latencyRows } from "./rows/latency.ts";
import { moveRows } from "./rows/moves.ts";
import { repositoryRows } from "./rows/repositories.ts";
import { reviewRows } from "./rows/review.ts";
import { startRows } from "./rows/start.ts";
import { storeRows } from "./rows/store.ts";
import { waitingRows } from "./rows/waiting.ts";
import { HEAD, lineOf } from "./table.ts";

const BENCHES: Readonly<Record<string, () => AsyncIterable<Row>>> = {
  start: startRows,
  store: storeRows,
  moves: moveRows,
  review: reviewRows,
  index: indexRows,
  growth: growthRows,
  waiting: waitingRows,
  fanOut: fanOutRows,
  repositories: repositoryRows,
  environments: environmentRows,
  latency: latencyRows,
};
const FILE = fileURLToPath(new URL("../../../bench.json", import.meta.url));

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  throw new Error(
    `There is no bench ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}; none named runs all.`,
  );
}

const begun = new Date();
const [loadBefore] = loadavg();
const measured: (Row & { readonly bench: string })[] = [];
console.log(HEAD);
for (const [bench, rows] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(bench)) continue;
  for await (const row of rows()) {
    measured.push({ bench, ...row });
    console.log(lineOf(bench, row));
  }
}
const machine = { node: process.version, cores: availableParallelism(), loadBefore };
await writeFile(FILE, `${JSON.stringify({ begun, machine, rows: measured }, undefined, 2)}\n`);
