// Reads an index while it is downloaded, in a worker thread: the event loop only passes the pieces on.

import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { badIndex, type IndexContent, type IndexQuery } from "./index-content.ts";
import type { Answer } from "./request.ts";

export interface IndexRead {
  readonly answer: Answer;
  /** Absent unless the answer is a whole 200. */
  readonly content?: IndexContent;
  /** Hex sha256 of the body; of no use without content. */
  readonly sha256: string;
}

/** Makes the request that `get` stands for, which must hand the pieces of its body to `write`. */
export async function readIndex(
  query: IndexQuery,
  get: (write: (piece: Uint8Array) => void) => Promise<Answer>,
): Promise<IndexRead> {
  const hash = createHash("sha256");
  let worker: Worker | undefined;
  const answer = await get((piece) => {
    worker ??= startWorker(query);
    worker.postMessage(piece);
    hash.update(piece);
  });
  const sha256 = hash.digest("hex");
  if (answer.kind === "answer" && answer.status === 200)
    return {
      answer,
      sha256,
      content: worker === undefined ? badIndex("is empty") : await contentFrom(worker),
    };
  await worker?.terminate();
  return { answer, sha256 };
}

/** Bounds what an index may take, so that a hostile one ends its worker and not the process. */
const HEAP_LIMIT_MB = 1024;

function startWorker(query: IndexQuery): Worker {
  return new Worker(new URL("./index-worker.ts", import.meta.url), {
    workerData: query,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
  });
}

function contentFrom(worker: Worker): Promise<IndexContent> {
  return new Promise((resolve, reject) => {
    worker.once("message", (content: IndexContent) => resolve(content));
    worker.once("error", (error: Error & { readonly code?: string }) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(badIndex("takes too much memory to read"));
      else reject(error);
    });
    worker.postMessage("end");
  });
}
