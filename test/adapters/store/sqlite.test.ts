// The embedded engine keeps to the contract.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import { describeStore } from "./contract/contract.ts";

const log = { warn: () => undefined, error: () => undefined };
const folders: string[] = [];

describeStore("SQLite", {
  reset: async () => {
    folders.push(await mkdtemp(join(tmpdir(), "chart-promoter-store-")));
  },
  open: (states) => openStore({ dataFolder: folders.at(-1) ?? "", clock: () => new Date(), log, states }),
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});
