// Loaded into the attacked process before anything else: writes down how long its event loop was kept from turning. What
// counts is the processor time that the main thread spent between two turns, so that a busy machine blames nobody.

import { appendFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const EVERY_MS = 5;
const WORTH_WRITING_MS = 10;

if (isMainThread) {
  let before = spentMs();
  setInterval(() => {
    const now = spentMs();
    const blocked = now - before;
    if (blocked > WORTH_WRITING_MS) appendFileSync(process.env["BLOCK_METER"] ?? "", `${blocked}\n`);
    before = spentMs();
  }, EVERY_MS).unref();
}

function spentMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
