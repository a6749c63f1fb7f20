// node src/tools/bench/index.ts: what a chart repository of 100,000 versions costs to search and to poll. Memory is told as a
// multiple of the index's size, time as a multiple of reading the index off the network and doing nothing with it.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hugeIndex, hugeMuseumList } from "../../sandbox/chartmuseum/huge-index.ts";
import { startStandIn } from "../../sandbox/chartmuseum/stand-in.ts";
import type { Asked } from "./ask-index.ts";

const SCRIPT = fileURLToPath(new URL("./ask-index.ts", import.meta.url));
const QUESTIONS = [
  { what: "index.yaml searched for one version", question: "lookUp", kind: "index", body: hugeIndex() },
  { what: "index.yaml listed for a poll", question: "listVersions", kind: "index", body: hugeIndex() },
  {
    what: "ChartMuseum listed for a poll",
    question: "listVersions",
    kind: "chartmuseum",
    body: hugeMuseumList(),
  },
];

for (const { what, question, kind, body } of QUESTIONS) {
  const server = await startStandIn(() => ({ status: 200, body }));
  const plain = await plainDownload(server.url);
  const asked = await ask([question, kind, server.url]);
  await server.close();
  const memory = (asked.bytes / body.length).toFixed(1);
  const time = (asked.ms / plain).toFixed(1);
  console.log(
    `${what}: ${memory} × its ${Math.round(body.length / 1e6)} MB, ${time} × the download (${Math.round(asked.ms)} ms), event loop at most ${Math.round(asked.longestWaitMs)} ms late`,
  );
}

async function plainDownload(url: string): Promise<number> {
  const start = performance.now();
  await (await fetch(url)).arrayBuffer();
  return performance.now() - start;
}

async function ask(args: readonly string[]): Promise<Asked> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...args]);
  return JSON.parse(stdout);
}
