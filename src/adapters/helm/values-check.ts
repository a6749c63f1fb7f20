// Validates an environment's values against a chart's schema with a deadline: a schema or pattern can be made to run
// for ever.

import { Worker } from "node:worker_threads";
import type { SchemaVerdict } from "../../domain/pull-request-body/facts.ts";
import type { ValuesToCheck } from "../../domain/pull-request-body/values/schema.ts";
import { moduleBeside } from "../threads/module-beside.ts";

const DEADLINE_MS = 5_000;
const MEMORY_MB = 256;

/** Never rejects: what exceeds time or memory is `unchecked` with the reason. */
export function checkValuesInTime(
  values: ValuesToCheck,
  deadlineMs: number = DEADLINE_MS,
): Promise<SchemaVerdict> {
  return new Promise((resolve) => {
    const worker = new Worker(moduleBeside("./schema-worker", import.meta.url), {
      workerData: values,
      env: {},
      execArgv: ["--no-warnings"],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    const finish = (verdict: SchemaVerdict): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(verdict);
    };
    const give = (because: string): void => finish({ kind: "unchecked", because });
    const timer = setTimeout(
      () => give(`trying it took longer than ${deadlineMs / 1000} seconds`),
      deadlineMs,
    );
    worker.once("message", finish);
    worker.once("error", (error) => give(`it could not be tried: ${error.message}`));
  });
}
