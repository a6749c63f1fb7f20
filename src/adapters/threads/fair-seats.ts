// Fair queuing over several flows, as in Kubernetes' API Priority and Fairness: limited concurrency in total and per
// flow, and of the waiting flows the least recently served one is next.

export interface SeatLimits {
  readonly seats: number;
  /** Maximum concurrency of one flow. */
  readonly perFlow: number;
}

interface Waiting {
  readonly flows: readonly string[];
  readonly sit: () => void;
}

export class FairSeats {
  readonly #limits: SeatLimits;
  readonly #seated = new Map<string, number>();
  /** When each waiting or running flow was last served, as a sequence number. */
  readonly #served = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #taken = 0;
  #servings = 0;

  constructor(limits: SeatLimits) {
    this.#limits = limits;
  }

  /** Resolves with a function that releases the seat (once). `flows`: all flows that the work is charged to. */
  async take(flows: readonly string[]): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add({ flows, sit: resolve });
    this.#seatNext();
    await promise;
    return this.#leaveOnce(flows);
  }

  /** Takes a seat if one is free now; otherwise `undefined`. */
  tryTake(flows: readonly string[]): (() => void) | undefined {
    if (!this.#isFree(flows)) return undefined;
    this.#sit(flows);
    return this.#leaveOnce(flows);
  }

  #seatNext(): void {
    const able = [...this.#waiting].filter(({ flows }) => this.#isFree(flows));
    const next = able.toSorted((a, b) => this.#lastServed(a.flows) - this.#lastServed(b.flows))[0];
    if (next === undefined) return;
    this.#waiting.delete(next);
    this.#sit(next.flows);
    next.sit();
    this.#seatNext();
  }

  #isFree(flows: readonly string[]): boolean {
    const { seats, perFlow } = this.#limits;
    return this.#taken < seats && flows.every((flow) => (this.#seated.get(flow) ?? 0) < perFlow);
  }

  #sit(flows: readonly string[]): void {
    this.#taken += 1;
    this.#servings += 1;
    for (const flow of flows) {
      this.#seated.set(flow, (this.#seated.get(flow) ?? 0) + 1);
      this.#served.set(flow, this.#servings);
    }
  }

  #leaveOnce(flows: readonly string[]): () => void {
    let isSeated = true;
    return () => {
      if (!isSeated) return;
      isSeated = false;
      this.#taken -= 1;
      for (const flow of flows) this.#seated.set(flow, (this.#seated.get(flow) ?? 1) - 1);
      this.#forgetIdle(flows);
      this.#seatNext();
    };
  }

  /** Flows that neither run nor wait are forgotten. */
  #forgetIdle(flows: readonly string[]): void {
    const waiting = new Set([...this.#waiting].flatMap((one) => one.flows));
    for (const flow of flows) {
      if ((this.#seated.get(flow) ?? 0) > 0) continue;
      this.#seated.delete(flow);
      if (!waiting.has(flow)) this.#served.delete(flow);
    }
  }

  /** The most recent serving among these flows. */
  #lastServed(flows: readonly string[]): number {
    return Math.max(0, ...flows.map((flow) => this.#served.get(flow) ?? 0));
  }
}
