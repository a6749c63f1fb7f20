// Charts whose list of versions was too large to be read: for some time they are asked for version by version, without a list
// being begun each time.

import { RecentlyUsed } from "./recently-used.ts";

const REMEMBERED = 1_000;
/** What was deleted since may leave it small enough. */
const FOR_MS = 10 * 60_000;

export class LargeLists {
  /** By list, when it was begun last, by the clock of `performance`. */
  readonly #begun = new RecentlyUsed<number>(REMEMBERED);

  /** The list, unless it is known to be too large; `read` answers nothing for one that is. */
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
