// The worker thread that applies a chart's schema; see values-check.ts.

import { parentPort, workerData } from "node:worker_threads";
import { checkValues } from "../../domain/pull-request-body/values/schema.ts";

parentPort?.postMessage(checkValues(workerData));
