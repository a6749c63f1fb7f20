// node src/tools/bench/ask-index.ts lookUp|listVersions|download chartmuseum|index URL: asks a chart repository once, in a process
// of its own, and prints as JSON how long it took, how long the event loop waited, and how much memory it took.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { listVersions } from "../../adapters/charts/list-versions.ts";
import { lookUp } from "../../adapters/charts/look-up.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { LAST } from "../../sandbox/chartmuseum/huge-index.ts";

export interface IndexRequests {
  /** Of the answer: `found`, `changed` …; `downloaded` when nothing was done with it. */
  readonly kind: string;
  readonly ms: number;
  /** The longest that anything had to wait for the event loop. */
  readonly longestWaitMs: number;
  /** What the process took at most, less what it had before. */
  readonly bytes: number;
}

const [question, kind, url = ""] = process.argv.slice(2);
const repository: ChartRepository = {
  name: "bench",
  url,
  also: [],
  fetchFrom: url,
  kind: kind === "index" ? "index" : "chartmuseum",
  credentials: { kind: "none" },
};

// The first request of a process sets up what all later ones use.
await fetch(`${url}/warm-up`);
const before = process.memoryUsage.rss();
let most = before;
// The operating system's own figure for the most would count what the process that started this one had.
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 2);
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const start = performance.now();
const answer = await ask();
const ms = performance.now() - start;
delay.disable();
clearInterval(watch);
const requests: IndexRequests = {
  kind: answer.kind,
  ms,
  longestWaitMs: delay.max / 1e6,
  bytes: most - before,
};
process.stdout.write(JSON.stringify(requests));

async function ask(): Promise<{ readonly kind: string }> {
  if (question === "lookUp") return lookUp(repository, { chart: LAST.chart, version: LAST.version });
  if (question === "listVersions") return listVersions(repository);
  await (await fetch(url)).arrayBuffer();
  return { kind: "downloaded" };
}
