// SQLite completes each statement at once. Whoever reads thousands of rows one after the other leaves others their turns of the
// event loop all the same.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openStore } from "../../../src/adapters/store/open-store.ts";

test("the newest publishes of 20,000 charts are read in many turns of the event loop", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "chart-promoter-turns-"));
  const log = { warn: () => undefined, error: () => undefined };
  const store = await openStore({ dataFolder, clock: () => new Date(), log });
  const charts = Array.from({ length: 20_000 }, (_, n) => ({ repository: "stakater", chart: `chart-${n}` }));
  let turns = 0;
  let isRead = false;
  const turn = () => {
    turns += 1;
    if (!isRead) setImmediate(turn);
  };
  setImmediate(turn);
  expect(await store.publishes.verifiedOf(charts, 1)).toEqual([]);
  isRead = true;
  expect(turns).toBeGreaterThan(5);
  await store.close();
  await rm(dataFolder, { recursive: true, force: true });
});
