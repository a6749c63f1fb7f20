// Remembers charts whose list of versions was too large: for some time they are looked up version by version, without
// starting a list each time.

import { RecentlyUsed } from "./recently-used.ts";

const REMEMBERED = 1_000;
/** After deletions the list may be small enough. */
const FOR_MS = 10 * 60_000;

export class LargeLists {
  /** By list, when it was last started; milliseconds of `performance.now`. */
  readonly #begun = new RecentlyUsed<number>(REMEMBERED);

  /** The list, unless it is known to be too large; `read` returns `undefined` for a list that is. */
  async read<List>(
    list: { readonly repository: string; readonly chart: string },
    read: () => Promise<List | undefined>,
  ): Promise<List | undefined> {
    const key = JSON.stringify([list.repository, list.chart]);
    const begun = this.#begun.get(key);
    if (begun !== undefined && performance.now() - begun < FOR_MS) return undefined;
    const found = await read();
    if (found === undefined) this.#begun.put(key, performance.now());
    return found;
  }
}
