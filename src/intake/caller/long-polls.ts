// Limits the concurrent long polls of one publisher, each of which queries the database every second.

/** As many as the default quota allows announcements in a burst. */
const MOST = 600;

/** Per process. */
export class LongPolls {
  readonly #open = new Map<string, number>();

  /** Returns the function that ends the poll; `undefined` when the limit is reached. */
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
