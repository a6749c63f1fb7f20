// Verifies provenance files in worker threads: each of a file's signatures covers all of its text, so a file with a
// megabyte of both takes minutes.

import { createHash } from "node:crypto";
import { fail, type Result } from "../../../domain/model/problem.ts";
import type { KeptThreads } from "../../threads/kept-threads.ts";
import { moduleBeside } from "../../threads/module-beside.ts";
import { type PoolOptions, ThreadPool } from "../../threads/thread-pool.ts";
import { provenanceInvalid, type SignedChart, type VerifiedProvenance } from "./provenance.ts";

/** Maximum length of a file: it contains the Chart.yaml (at most a mebibyte), and normally has some kilobytes. */
const MOST_CHARACTERS = 2 ** 20;

const OPTIONS: PoolOptions = {
  script: moduleBeside("./provenance-worker", import.meta.url),
  memoryMb: 256,
  deadlineMs: 5_000,
};

export class ProvenanceVerifier {
  readonly #pool: ThreadPool;

  /** `kept`: a shared pool of threads. */
  constructor(kept?: KeptThreads) {
    this.#pool = new ThreadPool(OPTIONS, { kept });
  }

  /** As `verifyProvenance`; files of one chart are verified one after the other. */
  async verify(chart: SignedChart): Promise<Result<VerifiedProvenance>> {
    const { prov, name } = chart;
    if (prov.length > MOST_CHARACTERS)
      return fail(provenanceInvalid(chart, "it is larger than 1 MiB of text"));
    const digest = createHash("sha256").update(prov).digest("hex");
    const outcome = await this.#pool.run<Result<VerifiedProvenance>>({ flows: [name], input: chart, digest });
    return outcome.kind === "done"
      ? outcome.value
      : fail(provenanceInvalid(chart, `to verify it, ${outcome.because}`));
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
