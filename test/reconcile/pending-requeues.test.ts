// What a repository waits for by itself is waited for whichever replica works on the events in between.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openStore } from "../../src/adapters/store/open-store.ts";
import { keepRequeue } from "../../src/reconcile/pending-requeues.ts";
import type { Store } from "../../src/reconcile/ports/store.ts";
import { minute, repository } from "../adapters/store/words.ts";

let folder: string;
let store: Store;
const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent };

function opened(): Promise<Store> {
  return openStore({ dataFolder: folder, clock: () => minute(1), log });
}

async function close(): Promise<void> {
  await store.queue.stop(0);
  await store.close();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "chart-promoter-"));
  store = await opened();
  await store.repositories.put(repository());
  await store.repositories.setIndex(repository().id, { problems: [], dependents: [] });
});

afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const SOON = new Date("2026-03-01T12:00:15Z");
const LATE = new Date("2026-03-01T13:00:00Z");

test.each([
  {
    what: "an event finds nothing to wait for: what was pending stays",
    pending: SOON,
    found: undefined,
    isResync: false,
    due: SOON,
  },
  {
    what: "an event finds something later: the earlier stays",
    pending: SOON,
    found: LATE,
    isResync: false,
    due: SOON,
  },
  { what: "an event finds something earlier", pending: LATE, found: SOON, isResync: false, due: SOON },
  {
    what: "a resync finds nothing: nothing is pending any more",
    pending: SOON,
    found: undefined,
    isResync: true,
    due: undefined,
  },
  {
    what: "a resync finds something later: that is all there is",
    pending: SOON,
    found: LATE,
    isResync: true,
    due: LATE,
  },
])("$what", async ({ pending, found, isResync, due }) => {
  await keepRequeue(repository(), { requeueAt: pending, isResync: true }, { store });
  // As another replica, which was not there when it was found.
  await close();
  store = await opened();
  expect(await keepRequeue(repository(), { requeueAt: found, isResync }, { store })).toEqual(due);
  expect(await keepRequeue(repository(), { requeueAt: undefined, isResync: false }, { store })).toEqual(due);
});
