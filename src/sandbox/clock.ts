// A test bed's clock: the machine's, set forward.

/** The App's JWT for GitHub is made with the machine's clock, and is valid for ten minutes. */
const FURTHEST_AHEAD_MS = 8 * 60_000;

export class Clock {
  #aheadMs = 0;

  readonly now = (): Date => new Date(Date.now() + this.#aheadMs);

  forward(ms: number): void {
    this.#aheadMs += ms;
  }

  /** Whether it can be set forward this far without invalidating JWTs. */
  mayForward(ms: number): boolean {
    return this.#aheadMs + ms <= FURTHEST_AHEAD_MS;
  }
}
