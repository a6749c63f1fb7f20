// node src/tools/bench/ask-index.ts lookUp|listVersions|download chartmuseum|index URL: sends one query to a chart
// repository in a fresh process, and prints as JSON how long it took, how long it blocked the event loop, and how much
// memory it used.

import { monitorEventLoopDelay } from "node:perf_hooks";
import { listVersions } from "../../adapters/charts/list-versions.ts";
import { lookUp } from "../../adapters/charts/look-up.ts";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { LAST } from "../../sandbox/chartmuseum/huge-index.ts";

export interface IndexRequests {
  /** Kind of the answer, such as `found` or `changed`; `downloaded` for a plain download. */
  readonly kind: string;
  readonly ms: number;
  /** The longest block of the event loop. */
  readonly longestWaitMs: number;
  /** Peak memory of the process, less what it used before the query. */
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

// Warms up: the first request of a process initialises what later ones reuse.
await fetch(`${url}/warm-up`);
const before = process.memoryUsage.rss();
let most = before;
// Sampled, because the operating system's peak figure may include that of the parent process.
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
