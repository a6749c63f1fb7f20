// Parses large webhooks in a worker thread, which returns only the events: a push of two thousand commits may have 25
// MiB, and parsing it would block the event loop for half a second.

import type { ParsedWebhook } from "../../../domain/model/github/event.ts";
import type { KeptThreads } from "../../threads/kept-threads.ts";
import { moduleBeside } from "../../threads/module-beside.ts";
import { type PoolOptions, ThreadPool } from "../../threads/thread-pool.ts";
import type { WebhookToRead } from "./webhook-worker.ts";

/** GitHub waits ten seconds for a response. */
const OPTIONS: PoolOptions = {
  script: moduleBeside("./webhook-worker", import.meta.url),
  memoryMb: 512,
  deadlineMs: 8_000,
};

export type ReadWebhook =
  | { readonly kind: "parsed"; readonly webhook: ParsedWebhook }
  | { readonly kind: "malformed" }
  | { readonly kind: "given-up"; readonly because: string };

export class LargeWebhooks {
  readonly #pool: ThreadPool;

  /** `kept`: a shared pool of threads. */
  constructor(kept?: KeptThreads) {
    this.#pool = new ThreadPool(OPTIONS, { kept });
  }

  async read(input: WebhookToRead): Promise<ReadWebhook> {
    const outcome = await this.#pool.run<ParsedWebhook | undefined>({ flows: ["github"], input });
    if (outcome.kind === "given-up") return outcome;
    return outcome.value === undefined ? { kind: "malformed" } : { kind: "parsed", webhook: outcome.value };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
