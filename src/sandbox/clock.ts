// The clock of a small world: the machine's, set forward.

/** A key to GitHub, which is made by the machine's clock, is good for ten minutes. */
const FURTHEST_AHEAD_MS = 8 * 60_000;

export class Clock {
  #aheadMs = 0;

  readonly now = (): Date => new Date(Date.now() + this.#aheadMs);

  forward(ms: number): void {
    this.#aheadMs += ms;
  }

  /** Whether it can be set forward by so much, and no key is too old then. */
  mayForward(ms: number): boolean {
    return this.#aheadMs + ms <= FURTHEST_AHEAD_MS;
  }
}
