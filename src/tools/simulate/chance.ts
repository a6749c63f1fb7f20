// Reproducible random numbers (mulberry32).

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1, exclusive. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** Random time until the next event of a Poisson process with this rate. */
  until(rate: number): number {
    return -Math.log(1 - this.next()) / rate;
  }

  /** Between half and one and a half times the mean. */
  around(mean: number): number {
    return mean * (0.5 + this.next());
  }
}
