// What a tar has of headers, counted before it is read: those that only extend the next one (PAX, GNU's long names) are no entries
// to its reader, and cost as much.

const BLOCK = 512;
/** All formats that are read have it (POSIX.1-1988 "ustar", GNU "ustar "). */
const MAGIC = Buffer.from("ustar");
const MAGIC_AT = 257;
const SIZE_AT = 124;
const TYPE_AT = 156;
const EXTENSIONS = new Set(Buffer.from("xgLK"));

export interface TarHeaders {
  /** At most so many: a file's contents may look like one. */
  readonly count: number;
  /** In bytes; 0 where there is none. */
  readonly largestExtension: number;
}

/** Headers stand at multiples of a block, whatever the sizes before them say. */
export function tarHeaders(tarball: Buffer): TarHeaders {
  let count = 0;
  let largestExtension = 0;
  for (let at = 0; at + BLOCK <= tarball.length; at += BLOCK) {
    if (MAGIC.compare(tarball, at + MAGIC_AT, at + MAGIC_AT + MAGIC.length) !== 0) continue;
    count += 1;
    if (!EXTENSIONS.has(tarball[at + TYPE_AT] ?? 0)) continue;
    largestExtension = Math.max(largestExtension, sizeIn(tarball.subarray(at + SIZE_AT, at + SIZE_AT + 12)));
  }
  return { count, largestExtension };
}

/** Octal, or in base 256 where the first bit is set: that is for sizes of 8 GiB and more. */
function sizeIn(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return Number.POSITIVE_INFINITY;
  const size = Number.parseInt(field.toString("latin1"), 8);
  return Number.isNaN(size) ? 0 : size;
}
