// Remembers inputs whose work exceeded time or memory: they are not tried again for an hour, when the machine may be
// less busy.

const REMEMBERED = 1_000;
const FOR_MS = 60 * 60_000;

interface Remembered {
  readonly because: string;
  /** Milliseconds of a monotonic clock. */
  readonly until: number;
}

export class GivenUp {
  readonly #known = new Map<string, Remembered>();

  why(key: string): string | undefined {
    const known = this.#known.get(key);
    return known === undefined || known.until < performance.now() ? undefined : known.because;
  }

  add(key: string, because: string): void {
    this.#known.delete(key);
    this.#known.set(key, { because, until: performance.now() + FOR_MS });
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
