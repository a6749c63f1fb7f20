import type { Files } from "../umbrella.ts";
import type { BlobFile } from "./snapshot.ts";

/** Leaves out binary and truncated files, so that an edit of them is refused as missing. */
export function textsOf(files: ReadonlyMap<string, BlobFile>): Files {
  return new Map(
    [...files].flatMap(([path, { text }]) => (text === undefined ? [] : [[path, text] as const])),
  );
}
