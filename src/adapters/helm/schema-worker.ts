// The thread in which a chart's schema is tried: see values-check.ts.

import { parentPort, workerData } from "node:worker_threads";
import { checkValues } from "../../domain/pull-request-body/values/schema.ts";

parentPort?.postMessage(checkValues(workerData));
