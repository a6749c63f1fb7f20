// What bodies may take of the memory while they come in and are worked on. When there is no room left, the largest of those
// that are still on their way is turned away: whoever sends little gets through, however much others send.

export interface HeldBody {
  /** So many bytes more; others, or this one, may be turned away for it. */
  grow(bytes: number): void;
  /** All of it is here: from now on it is not turned away. */
  arrived(): void;
  /** Its memory is free again. */
  release(): void;
}

interface Held {
  bytes: number;
  /** Absent once it has arrived. */
  turnAway?: (() => void) | undefined;
}

export class BodyBudget {
  readonly #limit: number;
  readonly #held = new Set<Held>();
  #bytes = 0;

  /** `limit`: bytes of all bodies together. */
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
