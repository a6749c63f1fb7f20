// Decompresses response bodies (RFC 9110 section 8.4).

import { type Duplex, pipeline, type Readable } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** The encodings that `decoded` supports, for Accept-Encoding. */
export const ACCEPTED_ENCODINGS = "gzip, deflate, br";

/** Lenient at the end, as browsers are: some servers omit checksums. */
const ZLIB = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI = { flush: constants.BROTLI_OPERATION_FLUSH, finishFlush: constants.BROTLI_OPERATION_FLUSH };

const DECODERS: ReadonlyMap<string, () => Duplex> = new Map([
  ["gzip", () => createGunzip(ZLIB)],
  ["x-gzip", () => createGunzip(ZLIB)],
  ["deflate", () => createInflate(ZLIB)],
  ["br", () => createBrotliDecompress(BROTLI)],
]);

/** The most encodings applied to one body. */
const MOST_ENCODINGS = 2;

/** The decompressed body; unchanged when an encoding is unknown. Fails with zlib's own errors. */
export function decoded(encoded: Readable, contentEncoding = ""): Readable {
  const encodings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && name !== "identity");
  const decoders = encodings.flatMap((name) => DECODERS.get(name) ?? []);
  if (decoders.length < encodings.length || decoders.length > MOST_ENCODINGS) return encoded;
  return decoders
    .toReversed()
    .reduce<Readable>((body, decoder) => pipeline(body, decoder(), () => undefined), encoded);
}
