// Watches the files that the settings were read from while the server runs.

import { unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ReadFile } from "../../settings/environment.ts";

const LOOK_EVERY_MS = 2_000;

export class WatchedFiles {
  #watched: ReadonlySet<string> = new Set();
  #changed: () => void = () => undefined;
  readonly #onChange = () => this.#changed();

  /**
   * Watches exactly the files that `use` reads, from before they are read. By polling: mounted files are replaced by
   * relinking, which file system events do not report.
   */
  async reading<T>(use: (readFile: ReadFile) => Promise<T>): Promise<T> {
    const read = new Set<string>();
    const used = await use((path) => {
      if (!this.#watched.has(path) && !read.has(path))
        watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, this.#onChange);
      read.add(path);
      return readFile(path);
    });
    for (const path of this.#watched) if (!read.has(path)) unwatchFile(path, this.#onChange);
    this.#watched = read;
    return used;
  }

  /** `act`: called when one of them has changed. */
  onChange(act: () => void): void {
    this.#changed = act;
  }
}
