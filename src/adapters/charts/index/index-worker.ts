// Runs in a worker thread: downloads the one index it was started for, and posts the result.

import { parentPort, workerData } from "node:worker_threads";
import { useProxies } from "../http/use-proxies.ts";
import { downloadIndex } from "./download-index.ts";

useProxies();
parentPort?.postMessage(await downloadIndex(workerData));
