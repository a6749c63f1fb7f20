import type { Files } from "../umbrella.ts";
import type { BlobFile } from "./snapshot.ts";

/** The files as texts; a binary or truncated one is left out, so that an edit to it is refused for its absence. */
export function textsOf(files: ReadonlyMap<string, BlobFile>): Files {
  return new Map(
    [...files].flatMap(([path, { text }]) => (text === undefined ? [] : [[path, text] as const])),
  );
}
