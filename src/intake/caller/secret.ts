// Secrets: how they are compared, and what they sign.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { type Secret, secretsOf } from "../../domain/model/secret.ts";
import { secretBytes } from "../../domain/model/secret-bytes.ts";

/** Takes the same time whatever the texts have in common, and whatever their lengths. */
function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(hash(one), hash(other));
}

/** Whether the text is one of those in use. Takes the same time whichever it is. */
export function isSecret(text: string, secret: Secret | undefined): boolean {
  return secretsOf(secret)
    .map((one) => isSameText(text, one))
    .includes(true);
}

/** Whether `signature` is the lowercase hex HMAC of the bytes under one of those in use. */
export function isSignedWith(secret: Secret | undefined, signature: string, signed: Signed): boolean {
  return secretsOf(secret)
    .map((one) => isSignedBy(secretBytes(one), signature, signed))
    .includes(true);
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
