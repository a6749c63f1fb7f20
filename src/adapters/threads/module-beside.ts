// Locates the modules that threads run, in the sources and in the compiled program.

import { extname } from "node:path";

/**
 * The module `name` (`./name`, without an extension) beside the one at `from`, which ends as that one does: `.ts` or
 * `.js`.
 */
export function moduleBeside(name: string, from: string): URL {
  return new URL(`${name}${extname(from)}`, from);
}
