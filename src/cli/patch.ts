// Edits as a diff for `git apply` and `patch -p1`.

import { posix, relative, sep } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Edit } from "../domain/model/umbrella.ts";

/** `folder`: prefix of the edit's path; "" for none. */
export function patchOf({ path, before, after }: Edit, folder: string): string {
  const file = posix.join(folder, path);
  const [from, to] = [
    before === null ? "/dev/null" : `a/${file}`,
    after === null ? "/dev/null" : `b/${file}`,
  ];
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined);
  return patch.replace(/^=+\n/, "");
}

/** The path of a folder relative to one that contains it; "" when it does not. */
export function folderBelow(root: string, folder: string): string {
  const below = relative(root, folder);
  return below === ".." || below.startsWith(`..${sep}`) ? "" : below.replaceAll(sep, "/");
}
