// Reads an index while it is downloaded, in a worker thread: the event loop only passes the pieces on.

import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import { badIndex, type IndexContent, type IndexQuery } from "./index-content.ts";
import type { Answer } from "./request.ts";

/** What the worker says: it took so many bytes, or it is done. */
export type FromWorker = { readonly kind: "taken"; readonly bytes: number } | IndexContent;

export interface IndexRead {
  readonly answer: Answer;
  /** Absent unless the answer is a whole 200. */
  readonly content?: IndexContent;
  /** Hex sha256 of the body; of no use without content. */
  readonly sha256: string;
}

/** Makes the request that `get` stands for, which must hand the pieces of its body to `write` and wait for it. */
export async function readIndex(
  query: IndexQuery,
  get: (write: (piece: Uint8Array) => Promise<void>) => Promise<Answer>,
): Promise<IndexRead> {
  const hash = createHash("sha256");
  let reader: ReaderInWorker | undefined;
  try {
    const answer = await get(async (piece) => {
      reader ??= new ReaderInWorker(query);
      hash.update(piece);
      await reader.push(piece);
    });
    const sha256 = hash.digest("hex");
    if (answer.kind === "failed" || answer.status !== 200) return { answer, sha256 };
    return { answer, sha256, content: (await reader?.end()) ?? badIndex("is empty") };
  } finally {
    await reader?.stop();
  }
}

/** Bounds what an index may take, so that a hostile one ends its worker and not the process. */
const LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 };
/** Bytes that may wait for the worker before the download does. */
const MAX_WAITING = 4 * 1024 * 1024;

/** An IndexReader in another thread. What it takes is acknowledged, so that a slow one slows the download down. */
class ReaderInWorker {
  readonly #worker: Worker;
  readonly #content: Promise<IndexContent>;
  #waiting = 0;
  #goOn: () => void = () => undefined;

  constructor(query: IndexQuery) {
    this.#worker = new Worker(new URL("./index-worker.ts", import.meta.url), {
      workerData: query,
      resourceLimits: LIMITS,
    });
    this.#content = new Promise((resolve, reject) => {
      this.#worker.on("message", (message: FromWorker) => {
        if (message.kind === "taken") this.#taken(message.bytes);
        else resolve(message);
      });
      this.#worker.once("error", (error: Error & { readonly code?: string }) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(badIndex("takes too much memory to read"));
        else reject(error);
        this.#taken(this.#waiting);
      });
    });
    // A failure is told to whoever asks for the content; until then nobody waits for it.
    this.#content.catch(() => undefined);
  }

  async push(piece: Uint8Array): Promise<void> {
    this.#waiting += piece.length;
    this.#worker.postMessage(piece);
    while (this.#waiting > MAX_WAITING)
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
  }

  end(): Promise<IndexContent> {
    this.#worker.postMessage("end");
    return this.#content;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #taken(bytes: number): void {
    this.#waiting -= bytes;
    this.#goOn();
  }
}
