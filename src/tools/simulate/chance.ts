// Chance that is the same for the same seed.

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1, which it never is (mulberry32). */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** Until the next of what comes by itself, so often in a period. */
  until(rate: number): number {
    return -Math.log(1 - this.next()) / rate;
  }

  /** Around the mean: half of it to one and a half. */
  around(mean: number): number {
    return mean * (0.5 + this.next());
  }
}
