// What Node has compiled of the program is kept between runs.

import { enableCompileCache } from "node:module";
import { join } from "node:path";

/**
 * In the user's own cache folder: V8 runs what it finds there, so nobody else may be able to write to it, as anybody may to the
 * folder for temporary files. `NODE_COMPILE_CACHE` names another one. Where none can be written, everything is compiled again.
 */
export function keepCompiled({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): void {
  const folder = XDG_CACHE_HOME || (HOME && join(HOME, ".cache"));
  if (folder) enableCompileCache(join(folder, "chart-promoter/compiled"));
}
