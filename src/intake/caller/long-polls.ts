// How many calls of one publisher may wait at once for what becomes of its publishes: each has the database asked every second.

/** As many as a burst of announcements by the default quota. */
const MOST = 600;

/** Of one process. */
export class LongPolls {
  readonly #open = new Map<string, number>();

  /** Answers what ends it; `undefined` where as many wait already. */
  open(publisher: string): (() => void) | undefined {
    const open = this.#open.get(publisher) ?? 0;
    if (open >= MOST) return undefined;
    this.#open.set(publisher, open + 1);
    return () => this.#end(publisher);
  }

  #end(publisher: string): void {
    const left = (this.#open.get(publisher) ?? 0) - 1;
    if (left > 0) this.#open.set(publisher, left);
    else this.#open.delete(publisher);
  }
}
