// Spaces out the look-ups of publishes that wait for their chart: each publisher has its own limited rate, so that
// thousands of waiting publishes do not delay other publishers.

const EVERY_MS = 50;

export class RetrySlots {
  /** Last slot given to each publisher, in milliseconds since 1970. */
  readonly #last = new Map<string, number>();

  /** The first free slot at or after this instant. */
  next(publisher: string, notBefore: Date): Date {
    const last = this.#last.get(publisher);
    const slot = Math.max(notBefore.getTime(), last === undefined ? 0 : last + EVERY_MS);
    this.#last.set(publisher, slot);
    return new Date(slot);
  }
}
