// Virtual time, which passes only when nothing else is left to do. Fake timers of a library wait a real millisecond for
// each event, too slow for the millions of events here.

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Every measured duration is this long: the queue scans all owners less often when scans are slow. */
const STOPWATCH_MS = 50;

const turnOfEventLoop = setImmediate;

export class VirtualTime {
  #now: number;
  /** Sorted, the next one last. */
  readonly #timers: Timer[] = [];

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  readonly clock = (): Date => new Date(this.#now);

  get now(): number {
    return this.#now;
  }

  /** Replaces the timers of the whole process: the simulated code sleeps with Node's timers. */
  takeOver(): void {
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms = 0) => this.#schedule(Math.max(ms, 0), run),
      clearTimeout: (timer: Timer | undefined) => this.#cancel(timer),
    });
    let stopwatch = 0;
    performance.now = () => {
      stopwatch += STOPWATCH_MS;
      return this.#now + stopwatch;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#schedule(ms, resolve);
    });
  }

  /** Runs everything that is due until then, one at a time. */
  async runUntil(end: number): Promise<void> {
    await settled();
    for (let next = this.#timers.at(-1); next !== undefined && next.at <= end; next = this.#timers.at(-1)) {
      this.#timers.pop();
      this.#now = next.at;
      next.run();
      await settled();
    }
    this.#now = end;
  }

  #schedule(ms: number, run: () => void): Timer {
    const timer = { at: this.#now + ms, run };
    let [low, high] = [0, this.#timers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.at ?? 0) > timer.at) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
    return timer;
  }

  #cancel(timer: Timer | undefined): void {
    const index = timer === undefined ? -1 : this.#timers.lastIndexOf(timer);
    if (index >= 0) this.#timers.splice(index, 1);
  }
}

/** Waits one turn of the event loop, after which all promises that do not wait for a timer are settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    turnOfEventLoop(resolve);
  });
}
