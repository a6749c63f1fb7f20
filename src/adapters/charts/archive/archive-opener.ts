// Opens packed charts in worker threads, so that a malicious one delays only its own publisher.

import { createHash } from "node:crypto";
import type { Archive } from "../../../domain/model/chart/archive.ts";
import { fail, ok, type Result } from "../../../domain/model/problem.ts";
import type { KeptThreads } from "../../threads/kept-threads.ts";
import { moduleBeside } from "../../threads/module-beside.ts";
import { type PoolOptions, ThreadPool } from "../../threads/thread-pool.ts";
import { archiveInvalid } from "./archive-problem.ts";
import type { OpenedInThread } from "./archive-worker.ts";

const OPTIONS: PoolOptions = {
  script: moduleBeside("./archive-worker", import.meta.url),
  memoryMb: 256,
  deadlineMs: 10_000,
};

export class ArchiveOpener {
  readonly #pool: ThreadPool;

  /** `kept`: a shared pool of threads. */
  constructor(kept?: KeptThreads) {
    this.#pool = new ThreadPool(OPTIONS, { kept });
  }

  /** As `openArchive`. `flow`: whose chart it is; archives of one flow are opened one after the other. */
  async open(packed: Uint8Array, flow: string): Promise<Result<Archive>> {
    const digest = createHash("sha256").update(packed).digest("hex");
    const outcome = await this.#pool.run<OpenedInThread>({ flows: [flow], input: packed, digest });
    if (outcome.kind === "given-up") return fail(archiveInvalid(`to open it, ${outcome.because}`));
    const { opened, paths, contents } = outcome.value;
    return opened.ok ? ok({ ...opened.value, files: filesOf(paths, contents) }) : opened;
  }

  prepare(): void {
    this.#pool.prepare();
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}

function filesOf(paths: OpenedInThread["paths"], contents: Uint8Array): Archive["files"] {
  const files = new Map<string, Uint8Array>();
  let start = 0;
  for (const [path, length] of paths) {
    files.set(path, contents.subarray(start, start + length));
    start += length;
  }
  return files;
}
