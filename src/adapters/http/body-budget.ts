// The memory budget for bodies that are being received and processed. When it is exhausted, the largest incomplete body
// is turned away: small requests get through however large the others are.

export interface HeldBody {
  /** Adds bytes; another body, or this one, may be turned away for it. */
  grow(bytes: number): void;
  /** The body is complete and can no longer be turned away. */
  arrived(): void;
  /** Frees its memory. */
  release(): void;
}

interface Held {
  bytes: number;
  /** Absent once the body is complete. */
  turnAway?: (() => void) | undefined;
}

export class BodyBudget {
  readonly #limit: number;
  readonly #held = new Set<Held>();
  #bytes = 0;

  /** `limit`: total bytes of all bodies. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  open(turnAway: () => void): HeldBody {
    const held: Held = { bytes: 0, turnAway };
    this.#held.add(held);
    return {
      grow: (bytes) => this.#grow(held, bytes),
      arrived: () => {
        held.turnAway = undefined;
      },
      release: () => this.#release(held),
    };
  }

  #grow(held: Held, bytes: number): void {
    if (!this.#held.has(held)) return;
    held.bytes += bytes;
    this.#bytes += bytes;
    while (this.#bytes > this.#limit) {
      const largest = this.#largestOnItsWay();
      if (largest === undefined) return;
      this.#release(largest);
      largest.turnAway?.();
    }
  }

  #largestOnItsWay(): Held | undefined {
    let largest: Held | undefined;
    for (const held of this.#held)
      if (held.turnAway !== undefined && held.bytes > (largest?.bytes ?? 0)) largest = held;
    return largest;
  }

  #release(held: Held): void {
    if (this.#held.delete(held)) this.#bytes -= held.bytes;
  }
}
