// A resource with limited parallelism, such as the event loop of a process or its cores: further work waits.

import type { VirtualTime } from "./virtual-time.ts";

export class Processors {
  readonly #time: VirtualTime;
  readonly #freeAt: number[];
  busyMs = 0;

  constructor(time: VirtualTime, count: number) {
    this.#time = time;
    this.#freeAt = new Array<number>(count).fill(0);
  }

  async work(ms: number): Promise<void> {
    const first = this.#freeAt.indexOf(Math.min(...this.#freeAt));
    const end = Math.max(this.#time.now, this.#freeAt[first] ?? 0) + ms;
    this.#freeAt[first] = end;
    this.busyMs += ms;
    await this.#time.sleep(end - this.#time.now);
  }
}
