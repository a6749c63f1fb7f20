// Downloads and parses an index in a worker thread, so that it does not block the event loop.

import { Worker } from "node:worker_threads";
import { compileCacheEnv } from "../../threads/job-thread.ts";
import { moduleBeside } from "../../threads/module-beside.ts";
import { requestedAddress } from "../http/request.ts";
import type { IndexRead, IndexRequest } from "./download-index.ts";

/**
 * Memory limits, so that a malicious index ends its worker and not the process. Almost all garbage is short-lived: a
 * small young generation keeps less of it around.
 */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 4 };

export async function readIndex(wanted: IndexRequest, limits = LIMITS): Promise<IndexRead> {
  const worker = new Worker(moduleBeside("./index-worker", import.meta.url), {
    workerData: wanted,
    env: { ...process.env, ...compileCacheEnv() },
    resourceLimits: limits,
  });
  try {
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", (error: Error & { readonly code?: string }) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(tooMuch(wanted));
        else reject(error);
      });
    });
  } finally {
    await worker.terminate();
  }
}

function tooMuch({ url }: IndexRequest): IndexRead {
  const reason = "reading the index takes too much memory";
  return {
    answer: { kind: "failed", requested: requestedAddress({ url: new URL(url) }), reason },
    sha256: "",
  };
}
