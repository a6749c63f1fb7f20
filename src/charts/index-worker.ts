// Runs in a worker thread: takes the pieces of an index, acknowledging each, then `end`, and answers with its content.

import { parentPort, workerData } from "node:worker_threads";
import { IndexReader } from "./index-reader.ts";
import type { FromWorker } from "./read-index.ts";

const reader = new IndexReader(workerData);

parentPort?.on("message", (message: unknown) => {
  if (!(message instanceof Uint8Array)) return say(reader.end());
  reader.push(message);
  say({ kind: "taken", bytes: message.length });
});

function say(message: FromWorker): void {
  parentPort?.postMessage(message);
}
