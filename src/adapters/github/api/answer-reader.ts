// Parses GitHub's responses. A large one is parsed in a worker thread: it contains people's texts, such as commit
// messages and files, and parsing tens of megabytes would block the event loop for up to half a second.

import type { KeptThreads } from "../../threads/kept-threads.ts";
import { moduleBeside } from "../../threads/module-beside.ts";
import { type PoolOptions, ThreadPool } from "../../threads/thread-pool.ts";
import type { ParsedAnswer } from "./answer-worker.ts";

const MIB = 2 ** 20;
/** Parsed within some milliseconds, whatever the content. */
const SMALL = MIB;
/** The files of a hundred environments, each as long as GitHub gives it at once. */
export const MOST_BYTES = 64 * MIB;

const OPTIONS: PoolOptions = {
  script: moduleBeside("./answer-worker", import.meta.url),
  memoryMb: 512,
  deadlineMs: 20_000,
};

/** A response above the limits for parsing. Not an error of GitHub's, and a retry does not help. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

export class AnswerReader {
  readonly #pool: ThreadPool;

  /** `kept`: a shared pool of threads. */
  constructor(kept?: KeptThreads) {
    this.#pool = new ThreadPool(OPTIONS, { kept });
  }

  /**
   * The JSON in `body`, or "" when it is empty. `flow`: the owner of the response, for fairness. Throws
   * `AnswerTooLarge`, or a `SyntaxError` for invalid JSON.
   */
  async read(body: AsyncIterable<Uint8Array>, flow: string): Promise<unknown> {
    const { chunks, bytes } = await collected(body);
    if (bytes === 0) return "";
    if (bytes <= SMALL) return JSON.parse(Buffer.concat(chunks).toString("utf8"));
    const outcome = await this.#pool.run<ParsedAnswer>({ flows: [flow], input: chunks });
    if (outcome.kind === "given-up") throw new AnswerTooLarge(outcome.because);
    const { value: answer } = outcome;
    if (answer.kind === "parsed") return answer.value;
    if (answer.kind === "excess") throw new AnswerTooLarge(answer.because);
    throw new SyntaxError(answer.because);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

async function collected(body: AsyncIterable<Uint8Array>) {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new AnswerTooLarge(`it has more than ${MOST_BYTES / MIB} MiB`);
  }
  return { chunks, bytes };
}
