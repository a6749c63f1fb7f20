// A process of its own with a store, to be killed by a test: `node member.ts accept|hold|hang|work`.
// The store is named by DATA_DIR and DATABASE_URL; every line on stdout says what is done and durable.

import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../../src/adapters/store/open-store.ts";
import type { Store } from "../../../src/reconcile/ports/store/store.ts";
import { announcement } from "./words.ts";

const BACKOFF = { firstMs: 10, factor: 2, maxMs: 100, giveUpAfterMs: 60_000 };
const parts: Readonly<Record<string, (store: Store) => Promise<void>>> = { accept, hold, hang, work };

const databaseUrl = process.env["DATABASE_URL"];
const store = await openStore({
  dataFolder: process.env["DATA_DIR"] ?? "data",
  clock: () => new Date(),
  log: { warn: () => undefined, error: () => undefined },
  ...(databaseUrl !== undefined && { databaseUrl }),
});
say("open");
await parts[process.argv[2] ?? ""]?.(store);

/** Publishes without end, and marks each: in the transaction of the publish, and by itself. */
async function accept({ publishes, queue }: Store): Promise<void> {
  for (let n = 0; ; n += 20) {
    const some = Array.from({ length: 20 }, (_, index) => `${process.pid}-${n + index}`);
    await Promise.all(
      some.map(async (id) => {
        const workFor = () => ({ key: `publish:${id}` });
        await publishes.accept(announcement({ version: id }), { id, at: new Date(), workFor });
        await queue.enqueue(`marked:${id}`);
        say(id);
      }),
    );
  }
}

async function hold(): Promise<void> {
  await sleep(600_000);
}

/** Takes a key and never lets go. */
async function hang({ queue }: Store): Promise<void> {
  await queue.work({
    concurrency: 2,
    reconcile: started(hold),
    onFailure: () => undefined,
    backoff: BACKOFF,
  });
  await hold();
}

/** Notes what a look at the key found: the validator `key` is the truth, `seen:key` what the last run saw of it. */
async function work({ queue, polls }: Store): Promise<void> {
  const handle = started(async (key) => {
    await polls.setValidator(
      { repository: `seen:${key}` },
      (await polls.validator({ repository: key })) ?? "",
    );
    await sleep(20);
  });
  await queue.work({ concurrency: 4, reconcile: handle, onFailure: () => undefined, backoff: BACKOFF });
  await hold();
}

function started(reconcile: (key: string) => Promise<void>): (key: string) => Promise<undefined> {
  return async (key) => {
    const from = Date.now();
    say(`start ${key}`);
    await reconcile(key);
    say(`end ${key}`);
    say(`ran ${key} ${from} ${Date.now()}`);
    return undefined;
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
