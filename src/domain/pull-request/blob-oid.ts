// Git's blob id of a file's contents: allows comparing a branch's files without reading them.

import { createHash } from "node:crypto";

/** SHA-1 of `blob <size>\0<contents>` (git-hash-object; Pro Git, "Git Objects"). */
export function blobOid(contents: Uint8Array): string {
  return createHash("sha1").update(`blob ${contents.length}\0`).update(contents).digest("hex");
}
