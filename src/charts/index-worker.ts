// Runs in a worker thread: downloads the one index it was started for, and says what came of it.

import { parentPort, workerData } from "node:worker_threads";
import { downloadIndex } from "./download-index.ts";

parentPort?.postMessage(await downloadIndex(workerData));
