// When publishes that wait for their chart are asked for again: those of one publisher share so many look-ups a second, so
// that thousands of them cost nobody else anything.

const EVERY_MS = 50;

export class RetrySlots {
  /** The last slot given to each publisher, in milliseconds since 1970. */
  readonly #last = new Map<string, number>();

  /** The first slot that is free then or later. */
  next(publisher: string, notBefore: Date): Date {
    const last = this.#last.get(publisher);
    const slot = Math.max(notBefore.getTime(), last === undefined ? 0 : last + EVERY_MS);
    this.#last.set(publisher, slot);
    return new Date(slot);
  }
}
