// What /readyz says: the process lives, but can it work yet?

import type { Store } from "../../reconcile/ports/store.ts";

/**
 * Not ready while the database or GitHub does not answer, and, with a new database, until every repository that the App
 * may see was reconciled once: before that nobody is known to depend on anything.
 */
export class Readiness {
  readonly #store: Pick<Store, "ping" | "repositories" | "queue">;
  readonly #identity: () => Promise<string>;
  #knowsRepositories: boolean;
  #discovered = false;

  constructor(
    store: Pick<Store, "ping" | "repositories" | "queue">,
    identity: () => Promise<string>,
    /** Whether the database knew repositories when the process started. */
    knownAtStart: boolean,
  ) {
    this.#store = store;
    this.#identity = identity;
    this.#knowsRepositories = knownAtStart;
  }

  /** Every installation was listed once. */
  discovered(): void {
    this.#discovered = true;
  }

  /** One sentence for each reason, in fixed words: an error of a driver may carry addresses. */
  async notReady(): Promise<readonly string[]> {
    const [database, github, known] = await Promise.allSettled([
      this.#store.ping(),
      this.#identity(),
      this.#knows(),
    ]);
    return [
      ...(database.status === "rejected" ? ["The database does not answer."] : []),
      ...(github.status === "rejected" ? ["GitHub does not answer, or does not know this App."] : []),
      ...(known.status === "rejected" || !known.value ? ["The config repositories are not known yet."] : []),
    ];
  }

  /** Every repository was reconciled once: the queue was empty. */
  async #knows(): Promise<boolean> {
    if (this.#knowsRepositories || !this.#discovered) return this.#knowsRepositories;
    const repositories = await this.#store.repositories.all();
    const indexes = await Promise.all(repositories.map(({ id }) => this.#store.repositories.index(id)));
    const { due, running } = await this.#store.queue.depth();
    this.#knowsRepositories = due + running === 0 && indexes.every((index) => index !== undefined);
    return this.#knowsRepositories;
  }
}
