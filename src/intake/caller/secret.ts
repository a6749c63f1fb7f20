// Comparison of secrets, and verification of HMAC signatures.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type Secret, secretsOf } from "../../domain/model/secret/secret.ts";
import { secretBytes } from "../../domain/model/secret/secret-bytes.ts";

/** Constant-time, whatever the texts and their lengths. */
function isSameText(one: string, other: string): boolean {
  return timingSafeEqual(hash(one), hash(other));
}

/** Whether the text is one of the secrets in use. Constant-time. */
export function isSecret(text: string, secret: Secret | undefined): boolean {
  return secretsOf(secret)
    .map((one) => isSameText(text, one))
    .includes(true);
}

/** Whether `signature` is the lowercase hex HMAC of the bytes under one of the secrets in use. */
export function isSignedWith(secret: Secret | undefined, signature: string, signed: Signed): boolean {
  return secretsOf(secret)
    .map((one) => isSignedBy(secretBytes(one), signature, signed))
    .includes(true);
}

/** Bytes that are hashed before yielding to the event loop. */
const AT_ONCE = 2 ** 20;

/** Whether `signature` is the lowercase hex HMAC of the bytes under one of the keys. Suitable for large bodies. */
export async function isSignedByOneOf(
  keys: readonly Uint8Array[],
  signature: string,
  { algorithm, bytes }: Signed,
): Promise<boolean> {
  const macs = keys.map((key) => createHmac(algorithm, key));
  for (let at = 0; at < bytes.length; at += AT_ONCE) {
    if (at > 0) await setImmediate();
    for (const mac of macs) mac.update(bytes.subarray(at, at + AT_ONCE));
  }
  return macs.map((mac) => isSameText(mac.digest("hex"), signature)).includes(true);
}

/** Whether `signature` is the lowercase hex HMAC of the bytes. */
function isSignedBy(key: Uint8Array, signature: string, signed: Signed): boolean {
  return isSameText(createHmac(signed.algorithm, key).update(signed.bytes).digest("hex"), signature);
}

interface Signed {
  readonly algorithm: "sha1" | "sha256";
  readonly bytes: Uint8Array;
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}
