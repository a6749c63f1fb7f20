// Seats for work of several flows, as Kubernetes' API Priority and Fairness has them: so much at once in all, so much at
// once for one flow, and of those that wait, the flow that was served longest ago comes first.

export interface SeatLimits {
  readonly seats: number;
  /** Of one flow, at the same time. */
  readonly perFlow: number;
}

interface Waiting {
  readonly flows: readonly string[];
  readonly sit: () => void;
}

export class FairSeats {
  readonly #limits: SeatLimits;
  readonly #seated = new Map<string, number>();
  /** When each flow that waits or sits was served last, by a count of servings. */
  readonly #served = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #taken = 0;
  #servings = 0;

  constructor(limits: SeatLimits) {
    this.#limits = limits;
  }

  /** Resolves with what gives the seat back (once). `flows`: everyone whose work it is; each of them is charged. */
  async take(flows: readonly string[]): Promise<() => void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add({ flows, sit: resolve });
    this.#seatNext();
    await promise;
    return this.#leaveOnce(flows);
  }

  /** The same at once, or not at all. */
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

  /** What neither sits nor waits is as good as new. */
  #forgetIdle(flows: readonly string[]): void {
    const waiting = new Set([...this.#waiting].flatMap((one) => one.flows));
    for (const flow of flows) {
      if ((this.#seated.get(flow) ?? 0) > 0) continue;
      this.#seated.delete(flow);
      if (!waiting.has(flow)) this.#served.delete(flow);
    }
  }

  /** Of the flow that was served last. */
  #lastServed(flows: readonly string[]): number {
    return Math.max(0, ...flows.map((flow) => this.#served.get(flow) ?? 0));
  }
}
