// Counts a tar's headers before it is read: extension headers (PAX, GNU's long names) are no entries to the tar reader,
// but cost as much.

const BLOCK = 512;
/** Present in all supported formats (POSIX.1-1988 "ustar", GNU "ustar "). */
const MAGIC = Buffer.from("ustar");
const MAGIC_AT = 257;
const SIZE_AT = 124;
const TYPE_AT = 156;
const EXTENSIONS = new Set(Buffer.from("xgLK"));

export interface TarHeaders {
  /** An upper bound: a file's contents may look like a header. */
  readonly count: number;
  /** In bytes; 0 when there is none. */
  readonly largestExtension: number;
}

/** Headers start at multiples of the block size, whatever sizes the headers before them claim. */
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

/** Octal, or base 256 when the first bit is set, for sizes of 8 GiB and more. */
function sizeIn(field: Buffer): number {
  if (((field[0] ?? 0) & 0x80) !== 0) return Number.POSITIVE_INFINITY;
  const size = Number.parseInt(field.toString("latin1"), 8);
  return Number.isNaN(size) ? 0 : size;
}
