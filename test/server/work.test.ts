// How much is worked on at once, and how much of it for one publisher or installation.

import { expect, test } from "@jest/globals";
import type { Deps } from "../../src/reconcile/context.ts";
import type { WorkOptions } from "../../src/reconcile/ports/store/queue.ts";
import { startWork, type WorkTerms } from "../../src/server/work.ts";

test.each([
  [undefined, 10, 8],
  [1, 1, 1],
  [2, 2, 1],
  [10, 10, 8],
  [16, 16, 12],
  [32, 32, 25],
  [100, 100, 80],
])("with concurrency %j in server.yaml: %i, of one owner %i", async (concurrency, all, ofOwner) => {
  const started: WorkOptions[] = [];
  const queue = { work: async (options: WorkOptions) => void started.push(options) };
  const deps = { store: { queue }, settings: { ...(concurrency !== undefined && { concurrency }) } };
  await startWork(deps as unknown as Deps, { backoff: undefined } as WorkTerms);
  expect(started).toMatchObject([{ concurrency: all, ofOwner }]);
});
