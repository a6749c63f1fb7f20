// What a repository waits for by itself is waited for whichever replica works on the events in between.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import type { Store } from "../../../src/reconcile/ports/store/store.ts";
import { keepRequeue, noteRequeue } from "../../../src/reconcile/repository/index/pending-requeues.ts";
import { minute, repository } from "../../adapters/store/words.ts";

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

/** A run that finds this. */
async function kept(found: Date | undefined, resync: boolean): Promise<Date | undefined> {
  const index = await store.repositories.index(repository().id);
  return keepRequeue({ repository: repository(), index, resync }, [undefined, found], { store });
}

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
  await kept(pending, true);
  // As another replica, which was not there when it was found.
  await close();
  store = await opened();
  expect(await kept(found, isResync)).toEqual(due);
  expect(await kept(undefined, false)).toEqual(due);
});

test("a run that does not come to its end leaves due what it was made for", async () => {
  await kept(SOON, true);
  await noteRequeue(repository(), LATE, { store });
  expect((await store.repositories.index(repository().id))?.requeueAt).toBe(SOON.toISOString());
});

test("and what it found", async () => {
  await kept(LATE, true);
  await noteRequeue(repository(), SOON, { store });
  expect((await store.repositories.index(repository().id))?.requeueAt).toBe(SOON.toISOString());
});

test("one that comes to its end takes back what was due at once in case that it did not", async () => {
  await kept(LATE, true);
  const index = await store.repositories.index(repository().id);
  await store.repositories.setIndex(repository().id, {
    ...{ problems: [], dependents: [] },
    requeueAt: minute(1).toISOString(),
  });
  expect(await keepRequeue({ repository: repository(), index, resync: false }, [], { store })).toEqual(LATE);
  expect((await store.repositories.index(repository().id))?.requeueAt).toBe(LATE.toISOString());
});
