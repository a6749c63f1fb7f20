// A thread for the tests that takes long to start: as one whose modules are compiled on a busy machine.

import { setTimeout as sleep } from "node:timers/promises";
import { serveJobs } from "../../../src/adapters/threads/serve-jobs.ts";

await sleep(1_500);
serveJobs((job: string): string => job);
