// Keeps Node's compile cache between runs.

import { enableCompileCache } from "node:module";
import { join } from "node:path";

/**
 * In the user's own cache folder: V8 runs the cached code, so nobody else may be able to write there, unlike in the
 * temporary folder. `NODE_COMPILE_CACHE` sets another folder. If none is writable, everything is compiled again.
 */
export function keepCompiled({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): void {
  const folder = XDG_CACHE_HOME || (HOME && join(HOME, ".cache"));
  if (folder) enableCompileCache(join(folder, "chart-promoter/compiled"));
}
