// Reads what GitHub answers. A large answer is parsed in a worker thread: texts of people are in it, such as the messages of their
// commits and the files of their environments, and to parse tens of megabytes takes as long as half a second.

import type { KeptThreads } from "../../threads/kept-threads.ts";
import { moduleBeside } from "../../threads/module-beside.ts";
import { type PoolOptions, ThreadPool } from "../../threads/thread-pool.ts";
import type { ParsedAnswer } from "./answer-worker.ts";

const MIB = 2 ** 20;
/** Takes the parser some milliseconds, whatever it holds. */
const SMALL = MIB;
/** The files of a hundred environments, each as long as GitHub gives it at once. */
export const MOST_BYTES = 64 * MIB;

const OPTIONS: PoolOptions = {
  script: moduleBeside("./answer-worker", import.meta.url),
  memoryMb: 512,
  deadlineMs: 20_000,
};

/** An answer that is not read, for what it would take. Not GitHub's mistake, and not to be had by asking again. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

export class AnswerReader {
  readonly #pool: ThreadPool;

  /** `kept`: threads that are shared. */
  constructor(kept?: KeptThreads) {
    this.#pool = new ThreadPool(OPTIONS, { kept });
  }

  /** The JSON in `body`, or "" where there is none. `flow`: whose it is. Throws `AnswerTooLarge`, and a `SyntaxError` for what is no JSON. */
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
