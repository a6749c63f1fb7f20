// The state behind /readyz: whether the process can work yet.

import type { Store } from "../../reconcile/ports/store/store.ts";

interface ReadinessTerms {
  /** Whether the database had any repository when the process started. */
  readonly knownAtStart: boolean;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/** How long GitHub's answer, or its failure, is cached, in milliseconds. */
const ASKED_AGAIN_MS = 3_000;

/**
 * Not ready while the database or GitHub does not answer, and, with a new database, until every repository that the App
 * may access was reconciled once: before that, dependents are unknown.
 */
export class Readiness {
  readonly #store: Pick<Store, "ping" | "repositories" | "queue">;
  readonly #identity: () => Promise<string>;
  readonly #now: () => number;
  #last: { readonly answer: Promise<string>; readonly at: number } | undefined;
  #knowsRepositories: boolean;
  #discovered = false;

  constructor(
    store: Pick<Store, "ping" | "repositories" | "queue">,
    identity: () => Promise<string>,
    { knownAtStart, now = () => performance.now() }: ReadinessTerms,
  ) {
    this.#store = store;
    this.#identity = identity;
    this.#knowsRepositories = knownAtStart;
    this.#now = now;
  }

  /** Every installation was listed once. */
  discovered(): void {
    this.#discovered = true;
  }

  /** One sentence for each reason, in fixed words: driver errors may contain addresses. */
  async notReady(): Promise<readonly string[]> {
    const [database, github, known] = await Promise.allSettled([
      this.#store.ping(),
      this.#gitHub(),
      this.#knows(),
    ]);
    return [
      ...(database.status === "rejected" ? ["The database does not answer."] : []),
      ...(github.status === "rejected" ? ["GitHub does not answer, or does not know this App."] : []),
      ...(known.status === "rejected" || !known.value ? ["The config repositories are not known yet."] : []),
    ];
  }

  /** GitHub is queried at most once per interval, whoever calls; after its first answer, not again. */
  #gitHub(): Promise<string> {
    const now = this.#now();
    if (this.#last === undefined || now - this.#last.at >= ASKED_AGAIN_MS)
      this.#last = { answer: this.#identity(), at: now };
    return this.#last.answer;
  }

  /** Every repository was reconciled once: the queue was empty. */
  async #knows(): Promise<boolean> {
    if (this.#knowsRepositories || !this.#discovered) return this.#knowsRepositories;
    const { due, running } = await this.#store.queue.depth();
    this.#knowsRepositories = due + running === 0 && !(await this.#store.repositories.isAnyUnread());
    return this.#knowsRepositories;
  }
}
