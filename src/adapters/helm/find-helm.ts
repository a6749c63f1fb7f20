// Finds the helm program: the first executable of that name on the PATH.

import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** `path`: the PATH to search; `undefined` when it has no helm. */
export async function findHelm(path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((part) => part !== "")) {
    const file = join(folder, "helm");
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}
