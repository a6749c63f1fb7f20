// Runs in a worker thread: verifies provenance files, one after the other.

import { serveJobs } from "../../threads/serve-jobs.ts";
import { verifyProvenance } from "./provenance.ts";

serveJobs(verifyProvenance);
