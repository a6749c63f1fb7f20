// Time that passes only when there is nothing else to do. A library's fake timers let the event loop go round by a real timer
// of a millisecond for each event; here are some millions of them.

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** What is timed by a stopwatch takes as long as this: the queue looks over all owners less often the longer that takes. */
const STOPWATCH_MS = 50;

const turnOfEventLoop = setImmediate;

export class VirtualTime {
  #now: number;
  /** The next one last. */
  readonly #timers: Timer[] = [];

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  readonly clock = (): Date => new Date(this.#now);

  get now(): number {
    return this.#now;
  }

  /** For the whole process: what is simulated sleeps by the timers of Node. */
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

  /** Everything that is due until then, one after another. */
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

/** All promises that nothing but each other keeps waiting are settled. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    turnOfEventLoop(resolve);
  });
}
