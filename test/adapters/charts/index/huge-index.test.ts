// An index of 100,000 versions, asked about in a process of its own: how long it takes, how long the event loop waits, and
// how much memory it takes.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, expect, test } from "@jest/globals";
import { hugeIndex, hugeMuseumList } from "../../../../src/sandbox/chartmuseum/huge-index.ts";
import { type StandIn, startStandIn } from "../../../../src/sandbox/chartmuseum/stand-in.ts";
import type { IndexRequests } from "../../../../src/tools/bench/ask-index.ts";

const SCRIPT = fileURLToPath(new URL("../../../../src/tools/bench/ask-index.ts", import.meta.url));

let server: StandIn | undefined;
afterEach(() => server?.close());

test.each([
  ["index.yaml searched for one version", ["lookUp", "index"], hugeIndex, "found"],
  ["index.yaml listed for a poll", ["listVersions", "index"], hugeIndex, "changed"],
  ["ChartMuseum listed for a poll", ["listVersions", "chartmuseum"], hugeMuseumList, "changed"],
] as const)(
  "%s holds no more than twice its size and does not hold up the event loop",
  async (...[, question, print, kind]) => {
    const body = print();
    server = await startStandIn(() => ({ status: 200, body }));
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, ...question, server.url]);
    const counts: IndexRequests = JSON.parse(stdout);
    expect(counts.kind).toBe(kind);
    expect(body.length).toBeGreaterThan(55e6);
    expect(counts.bytes).toBeLessThan(2 * body.length);
    expect(counts.longestWaitMs).toBeLessThan(Math.max(200, counts.ms / 4));
  },
  30_000,
);
