// Secrets: how they are compared, and which bytes they stand for.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const BASE64_MARK = "whsec_";

/** Takes the same time whatever the texts have in common, and whatever their lengths. */
export function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(hash(one), hash(other));
}

/** The key for signatures: after `whsec_` the rest is base64 (Standard Webhooks), any other secret is its UTF-8 bytes. */
export function secretBytes(secret: string): Buffer {
  return secret.startsWith(BASE64_MARK)
    ? Buffer.from(secret.slice(BASE64_MARK.length), "base64")
    : Buffer.from(secret, "utf8");
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
