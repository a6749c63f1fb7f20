// The bytes of a shared secret, as in the Standard Webhooks specification.

const BASE64_MARK = "whsec_";

/** A secret that begins with `whsec_` is base64; any other is its UTF-8 bytes. */
export function secretBytes(secret: string): Buffer {
  return secret.startsWith(BASE64_MARK)
    ? Buffer.from(secret.slice(BASE64_MARK.length), "base64")
    : Buffer.from(secret, "utf8");
}
