// Edits as a difference that `git apply` and `patch -p1` take.

import { posix, relative, sep } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Edit } from "../domain/model/umbrella.ts";

/** `folder`: in front of the edit's path; "" for none. */
export function patchOf({ path, before, after }: Edit, folder: string): string {
  const file = posix.join(folder, path);
  const [from, to] = [
    before === null ? "/dev/null" : `a/${file}`,
    after === null ? "/dev/null" : `b/${file}`,
  ];
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined);
  return patch.replace(/^=+\n/, "");
}

/** A folder as seen from another one that it stands in; "" where it does not stand in there. */
export function folderBelow(root: string, folder: string): string {
  const below = relative(root, folder);
  return below === ".." || below.startsWith(`..${sep}`) ? "" : below.replaceAll(sep, "/");
}
