// Time and memory of searching and polling a chart repository with 100,000 versions, against a process that only
// downloads the same.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hugeIndex, hugeMuseumList } from "../../../sandbox/chartmuseum/huge-index.ts";
import { startStandIn } from "../../../sandbox/chartmuseum/stand-in.ts";
import type { IndexRequests } from "../ask-index.ts";
import { type Row, rowOf } from "../row.ts";

const SCRIPT = fileURLToPath(new URL("../ask-index.ts", import.meta.url));
const ROUNDS = 3;
const QUESTIONS = [
  { what: "index.yaml searched for one version", question: "lookUp", kind: "index", print: hugeIndex },
  { what: "index.yaml listed for a poll", question: "listVersions", kind: "index", print: hugeIndex },
  {
    ...{ what: "ChartMuseum listed for a poll", question: "listVersions", kind: "chartmuseum" },
    print: hugeMuseumList,
  },
];

export async function* indexRows(): AsyncGenerator<Row> {
  for (const { what, question, kind, print } of QUESTIONS) {
    const body = print();
    const server = await startStandIn(() => ({ status: 200, body }));
    const pairs: (readonly [question: IndexRequests, plain: IndexRequests])[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const plain = await ask(["download", kind, server.url]);
      pairs.push([await ask([question, kind, server.url]), plain]);
    }
    await server.close();
    const row = (of: string, unit: Row["unit"], figure: (requests: IndexRequests) => number): Row =>
      rowOf(
        { what: `${what}: ${of}`, against: `the ${Math.round(body.length / 1e6)} MB downloaded`, unit },
        pairs.map(([requests, plain]) => [figure(requests), figure(plain)]),
      );
    yield row("time", "ms", ({ ms }) => ms);
    yield row("memory", "MB", ({ bytes }) => bytes / 1e6);
    yield row("longest block of the event loop", "ms", ({ longestWaitMs }) => longestWaitMs);
  }
}

async function ask(args: readonly string[]): Promise<IndexRequests> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...args]);
  return JSON.parse(stdout);
}
