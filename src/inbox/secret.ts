// Secrets: how they are compared, and what they sign.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Takes the same time whatever the texts have in common, and whatever their lengths. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(hash(one), hash(other));
}

/** Whether `signature` is the lowercase hex HMAC of the bytes. */
export function isSignedBy(key: Uint8Array, signature: string, signed: Signed): boolean {
  return isSameText(createHmac(signed.algorithm, key).update(signed.bytes).digest("hex"), signature);
}

interface Signed {
  readonly algorithm: "sha1" | "sha256";
  readonly bytes: Uint8Array;
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
