// Runs in a worker thread: takes the pieces of an index, then `end`, and answers with its content.

import { parentPort, workerData } from "node:worker_threads";
import { IndexReader } from "./index-reader.ts";

const reader = new IndexReader(workerData);

parentPort?.on("message", (message: unknown) => {
  if (message instanceof Uint8Array) reader.push(message);
  else {
    parentPort?.postMessage(reader.end());
    parentPort?.close();
  }
});
